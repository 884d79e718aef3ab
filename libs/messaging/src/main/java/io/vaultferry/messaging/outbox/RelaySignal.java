package io.vaultferry.messaging.outbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells the relays of this process that there is something to send. */
@ApplicationScoped
class RelaySignal {

    private final List<Runnable> relays = new CopyOnWriteArrayList<>();

    void wake() {
        relays.forEach(Runnable::run);
    }

    void register(Runnable relay) {
        relays.add(relay);
    }

    void unregister(Runnable relay) {
        relays.remove(relay);
    }
}

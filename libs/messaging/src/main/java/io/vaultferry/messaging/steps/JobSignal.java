package io.vaultferry.messaging.steps;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells the runners of this process that a job was inserted, ended or asked to stop. */
@ApplicationScoped
class JobSignal {

    private final List<Runnable> runners = new CopyOnWriteArrayList<>();

    void wake() {
        runners.forEach(Runnable::run);
    }

    void register(Runnable runner) {
        runners.add(runner);
    }

    void unregister(Runnable runner) {
        runners.remove(runner);
    }
}

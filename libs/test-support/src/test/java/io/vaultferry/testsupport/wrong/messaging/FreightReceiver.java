package io.vaultferry.testsupport.wrong.messaging;

import org.eclipse.microprofile.reactive.messaging.Incoming;

class FreightReceiver {

    @Incoming("freight")
    void receive(String message) {}
}

package io.vaultferry.orchestrator.access;

import io.vaultferry.contracts.Participant;
import jakarta.enterprise.context.RequestScoped;

/** The participant that sent the present request of the internal API. */
@RequestScoped
public class Caller {

    private Participant participant;

    /** Proven by its internal token. */
    public Participant participant() {
        if (participant == null) {
            throw new IllegalStateException("only calls of the internal API come from a participant");
        }
        return participant;
    }

    void is(Participant proven) {
        participant = proven;
    }
}

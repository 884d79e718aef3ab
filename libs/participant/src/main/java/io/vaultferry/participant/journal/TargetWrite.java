package io.vaultferry.participant.journal;

import java.util.List;
import java.util.function.Consumer;

/** One way of creating objects in a target: how to send, and how to see what is there. */
public interface TargetWrite {

    /** How an object of the target is recognized as the one that was sent. */
    enum Recognition {
        /** By a text that only this migration can have made. A second object with it is a copy, and may be removed. */
        BY_UNIQUE_TOKEN,
        /**
         * By a name, which others may use too. What carried it before the intent was recorded is never taken for ours, and
         * a second object with it is left alone and reported.
         */
        BY_NAME
    }

    Recognition recognizedBy();

    /**
     * Waits until a request may leave, where there is something to wait for. Called before what is sent is noted as sent, so
     * that the note tells when.
     */
    default void awaitTurn() {}

    /**
     * Sends these, in this order, as one call. Use {@link WriteAnswer#of}. An exception leaves the outcome unknown and ends
     * the step.
     */
    WriteAnswer send(List<Intent> unit);

    /**
     * Lists what the target shows, at least everything that could be one of these.
     *
     * @param about the writes in question; empty when nothing is recorded yet and everything is meant
     */
    void list(List<UnsettledWrite> about, Consumer<Listed> found);

    /** Removes copies that a call left behind whose outcome was unknown. Those that are gone already are no error. */
    void remove(List<String> surplusTargetIds);
}

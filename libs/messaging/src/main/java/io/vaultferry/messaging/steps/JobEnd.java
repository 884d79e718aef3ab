package io.vaultferry.messaging.steps;

import io.vaultferry.contracts.StepReply;
import io.vaultferry.messaging.StepFailure;

/** How a worker's turn at a job ended. */
sealed interface JobEnd {

    /** With an answer, good or bad. */
    record Answered(StepReply reply) implements JobEnd {}

    /** At a checkpoint: halted, replaced, lease lost, or the process shuts down. */
    record Stopped() implements JobEnd {}

    /**
     * With a failure that passes by itself.
     *
     * @param progressed true when objects were finished since the last failure
     */
    record FailedForNow(StepFailure failure, boolean progressed) implements JobEnd {}
}

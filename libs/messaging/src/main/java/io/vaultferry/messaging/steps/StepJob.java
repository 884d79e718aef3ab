package io.vaultferry.messaging.steps;

import java.util.Optional;
import java.util.UUID;

/**
 * A row of {@code step_job}.
 *
 * @param attempt the latest attempt that was asked for
 * @param command the JSON of that attempt's command
 * @param commandId the message that brought it
 * @param reply the JSON of the answer once the job is done
 * @param epoch how often the row has been claimed; a worker whose epoch is not the row's has lost it
 * @param takeovers how often this attempt was claimed from a worker that had died
 * @param tries how often this attempt failed in a row for a reason that passes
 */
record StepJob(
        JobKey key,
        int attempt,
        JobState state,
        String command,
        UUID commandId,
        Optional<String> traceparent,
        Optional<String> reply,
        long epoch,
        int takeovers,
        int tries) {}

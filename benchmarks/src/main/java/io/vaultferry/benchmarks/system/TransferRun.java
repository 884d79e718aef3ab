package io.vaultferry.benchmarks.system;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultferry.launcher.demo.MigrationApi.Connection;
import io.vaultferry.launcher.demo.MigrationApi.Migration;
import io.vaultferry.launcher.demo.MigrationApi.Step;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A migration whose files were moved while the target took its time for each call.
 *
 * @param step in which the files moved
 */
record TransferRun(Step step) {

    static final String TRANSFER = "TRANSFER_ATTACHMENTS";

    /** Moves an organization; the latency begins with the files, and ends with them. */
    static TransferRun of(
            RunningVaultferry vaultferry,
            Connection source,
            String organization,
            Connection connection,
            SandboxServer target,
            Duration latency,
            int objects)
            throws IOException, InterruptedException {
        String id = vaultferry.migrate(source, organization, connection);
        vaultferry.awaitStep(id, "IMPORT_ITEMS");
        target.delayEveryCall(latency);
        Step running = vaultferry.awaitStep(id, TRANSFER);
        while (running.finishedAt() == null) {
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(100);
            running = RunningVaultferry.step(vaultferry.migration(id), TRANSFER);
        }
        target.clearDelay();
        Migration ended = vaultferry.awaitEnd(id, objects);
        return new TransferRun(RunningVaultferry.step(ended, TRANSFER));
    }

    double seconds() {
        return RunningVaultferry.seconds(step);
    }

    /**
     * Seconds from the step's beginning until the target had answered the last read-back of a file that is smaller than this many
     * bytes: the last call that such a file needs. What reads files after the step, to compare them, does not count.
     */
    double secondsUntilLastFileBelow(long bytes, SandboxServer target) throws IOException, InterruptedException {
        Instant last = step.startedAt();
        for (JsonNode call : target.journal()) {
            Instant begin = Instant.parse(call.get("at").textValue());
            if (call.get("endpoint").textValue().startsWith("GET /attachments/")
                    && call.get("responseBytes").longValue() < bytes
                    && begin.isBefore(step.finishedAt())) {
                Instant end = begin.plus(call.get("microseconds").longValue(), ChronoUnit.MICROS);
                last = end.isAfter(last) ? end : last;
            }
        }
        return Duration.between(step.startedAt(), last).toNanos() / 1e9;
    }
}

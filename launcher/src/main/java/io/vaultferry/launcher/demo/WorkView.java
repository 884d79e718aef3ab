package io.vaultferry.launcher.demo;

import io.vaultferry.launcher.demo.MigrationApi.Step;
import io.vaultferry.launcher.demo.MigrationApi.Work;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Files that are being moved, as lines of text. */
final class WorkView {

    private static final int WIDTH = 24;
    private static final int SECONDS_OF_A_MINUTE = 60;

    private WorkView() {}

    /**
     * Two lines that fit a terminal of 80 columns, which replaces them. For example:
     *
     * <pre>
     * lag 31  [======>                 ]  312 of 417 files  3 workers
     *         142.1 MiB of 525.3 MiB  38.2 MiB/s  11 s left
     * </pre>
     *
     * @param transfer the step that moves files
     * @param work what the API says of its topic
     */
    static List<String> lines(Step transfer, Work work) {
        // Before the first worker says anything, the orchestrator knows what there is to do.
        long files = transfer.total() == 0 ? work.files() : transfer.total();
        long bytes = transfer.total() == 0 ? work.bytes() : transfer.bytesTotal();
        return List.of(
                "      lag %-3d %s  %d of %d files  %s"
                        .formatted(
                                work.lag(),
                                bar(transfer.bytesDone(), bytes),
                                transfer.done(),
                                files,
                                work.workers() == 1 ? "1 worker" : work.workers() + " workers"),
                "              %s of %s  %s"
                        .formatted(ByteCount.text(transfer.bytesDone()), ByteCount.text(bytes), pace(work)));
    }

    /** The same in one line, for an output that keeps every line. */
    static String line(List<String> lines) {
        return lines.getFirst() + "  " + lines.getLast().strip();
    }

    /** What a transfer that has ended was. */
    static String summary(Step transfer) {
        Duration took = Duration.between(transfer.startedAt(), transfer.finishedAt());
        return String.format(
                Locale.ROOT,
                "%d files, %s, were moved and read back in %.1f s",
                transfer.total(),
                ByteCount.text(transfer.bytesTotal()),
                took.toMillis() / 1e3);
    }

    private static String pace(Work work) {
        return work.etaSeconds() == null
                ? "nothing moves"
                : ByteCount.text(work.bytesPerSecond()) + "/s  " + left(work.etaSeconds());
    }

    private static String left(long seconds) {
        return seconds < SECONDS_OF_A_MINUTE
                ? seconds + " s left"
                : seconds / SECONDS_OF_A_MINUTE + " min " + seconds % SECONDS_OF_A_MINUTE + " s left";
    }

    private static String bar(long part, long whole) {
        int filled = whole <= 0 ? 0 : (int) (Math.min(part, whole) * WIDTH / whole);
        String head = filled == WIDTH || filled == 0 ? "" : ">";
        String done = "=".repeat(filled - head.length()) + head;
        return "[" + done + " ".repeat(WIDTH - done.length()) + "]";
    }
}

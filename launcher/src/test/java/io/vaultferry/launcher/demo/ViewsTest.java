package io.vaultferry.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.launcher.demo.MigrationApi.Exceptional;
import io.vaultferry.launcher.demo.MigrationApi.Migration;
import io.vaultferry.launcher.demo.MigrationApi.Report;
import io.vaultferry.launcher.demo.MigrationApi.Step;
import io.vaultferry.launcher.demo.MigrationApi.Summary;
import io.vaultferry.launcher.demo.MigrationApi.Work;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewsTest {

    private static final long MIB = 1024 * 1024;
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static final Step DONE =
            new Step("INSPECT_SOURCE", "DONE", 0, 0, 0, 0, NOON.minusMillis(1500), NOON.minusMillis(100));
    private static final Step RUNNING = new Step("IMPORT_ITEMS", "RUNNING", 3, 21, 0, 0, NOON.minusSeconds(2), null);
    private static final Step PENDING = new Step("VERIFY", "PENDING", 0, 0, 0, 0, null, null);

    @Test
    void theTableHasALineForEachStep() {
        assertThat(ProgressView.table(migration(DONE, RUNNING, PENDING), NOON))
                .containsExactly(
                        "   1  inspect source        done        1.4 s",
                        "   2  import items          running     2.0 s  3 of 21",
                        "   3  verify");
    }

    @Test
    void anEndedStepIsNarratedOnce() {
        Migration before = migration(RUNNING, RUNNING);
        Migration after = migration(DONE, RUNNING);

        assertThat(ProgressView.ended(before, after, NOON))
                .hasSize(1)
                .first()
                .asString()
                .contains("inspect source");
        assertThat(ProgressView.ended(after, after, NOON)).isEmpty();
    }

    @Test
    void theReportHasALineForEachKindAndEachException() {
        Report report = new Report(
                25,
                3,
                List.of(
                        new Summary("ITEM", "MOVED", "EQUAL", 20),
                        new Summary("ITEM", "MOVED", "DIFFERENT", 1),
                        new Summary("ITEM", "QUARANTINED", "NOT_COMPARED", 1),
                        new Summary("ITEM", "SKIPPED", "UNEXPECTED", 2),
                        new Summary("POLICY", "SKIPPED", "NOT_COMPARED", 1)));

        List<String> lines = ReportView.lines(
                report, List.of(new Exceptional("ITEM", "id-1", null, "QUARANTINED", "It is too large.")));

        assertThat(lines)
                .map(line -> line.strip().replaceAll(" +", " "))
                .containsExactly(
                        "source moved skipped quarantined missing different unexpected",
                        "item 22 21 0 1 0 1 2",
                        "policy 1 0 1 0 0 0 0",
                        "item id-1 (quarantined): It is too large.",
                        "23 of 25 objects of source and target were compared: 3 differences.");
    }

    @Test
    void onlyAReportWithoutDifferenceAndQuarantineIsComplete() {
        Summary equal = new Summary("ITEM", "MOVED", "EQUAL", 2);
        Summary skipped = new Summary("POLICY", "SKIPPED", "NOT_COMPARED", 1);
        Summary quarantined = new Summary("ITEM", "QUARANTINED", "NOT_COMPARED", 1);

        assertThat(new Report(3, 0, List.of(equal, skipped)).complete()).isTrue();
        assertThat(new Report(2, 1, List.of(equal)).complete()).isFalse();
        assertThat(new Report(3, 0, List.of(equal, quarantined)).complete()).isFalse();
        assertThat(new Report(0, 0, List.of()).complete()).isFalse();
    }

    @Test
    void filesOnTheirWayAreShownWithLagRateAndTimeLeft() {
        Step transfer = transfer(312, 417, 256 * MIB, 512 * MIB);

        List<String> lines = WorkView.lines(transfer, new Work(31, 3, 105, 256 * MIB, 38.25 * MIB, 7L));

        assertThat(lines)
                .containsExactly(
                        "      lag 31  [===========>            ]  312 of 417 files  3 workers",
                        "              256.0 MiB of 512.0 MiB  38.3 MiB/s  7 s left")
                .allMatch(line -> line.length() < 80);
        assertThat(WorkView.line(lines)).endsWith("  3 workers  256.0 MiB of 512.0 MiB  38.3 MiB/s  7 s left");
        assertThat(WorkView.lines(transfer, new Work(31, 1, 105, 256 * MIB, 1.5 * 1024, 125L)))
                .satisfiesExactly(
                        first -> assertThat(first).endsWith("  1 worker"),
                        second -> assertThat(second).endsWith("  1.5 KiB/s  2 min 5 s left"));
    }

    @Test
    void standstillIsCalledByItsName() {
        assertThat(WorkView.lines(transfer(312, 417, 0, 512 * MIB), new Work(31, 0, 105, 512 * MIB, 0, null)))
                .containsExactly(
                        "      lag 31  [                        ]  312 of 417 files  0 workers",
                        "              0 B of 512.0 MiB  nothing moves");
    }

    @Test
    void whatThereIsToDoIsShownBeforeAnybodyHasBegun() {
        assertThat(WorkView.lines(transfer(0, 0, 0, 0), new Work(54, 3, 416, 512 * MIB, 0, null)))
                .satisfiesExactly(
                        first -> assertThat(first).contains("lag 54 ", "0 of 416 files"),
                        second -> assertThat(second).contains("0 B of 512.0 MiB"));
    }

    @Test
    void aTransferThatIsDoneIsAFullBar() {
        assertThat(WorkView.lines(transfer(417, 417, 512 * MIB, 512 * MIB), new Work(0, 3, 0, 0, 0, 0L)))
                .first()
                .asString()
                .contains("[========================]");
    }

    private static Step transfer(long done, long total, long bytesDone, long bytesTotal) {
        return new Step("TRANSFER_ATTACHMENTS", "RUNNING", done, total, bytesDone, bytesTotal, NOON, null);
    }

    @Test
    void memoryOfThisProcessIsKnownWhereThereIsProc() {
        assertThat(PeakMemory.of(ProcessHandle.current()).isPresent())
                .isEqualTo(Files.exists(Path.of("/proc/self/status")));
    }

    private static Migration migration(Step... steps) {
        return new Migration("id", "RUNNING", null, List.of(steps), null);
    }
}

package io.vaultferry.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.launcher.demo.MigrationApi.Exceptional;
import io.vaultferry.launcher.demo.MigrationApi.KindReport;
import io.vaultferry.launcher.demo.MigrationApi.Migration;
import io.vaultferry.launcher.demo.MigrationApi.Report;
import io.vaultferry.launcher.demo.MigrationApi.Step;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewsTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static final Step DONE =
            new Step("INSPECT_SOURCE", "DONE", 0, 0, NOON.minusMillis(1500), NOON.minusMillis(100));
    private static final Step RUNNING = new Step("IMPORT_ITEMS", "RUNNING", 3, 21, NOON.minusSeconds(2), null);
    private static final Step PENDING = new Step("VERIFY", "PENDING", 0, 0, null, null);

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
    void theReportCountsWhatIsMissingDifferentOrUnexpected() {
        KindReport items = new KindReport("ITEM", 21, 20, 0, 1, 0, 0, 0);
        KindReport files = new KindReport("ATTACHMENT", 14, 14, 0, 0, 1, 1, 1);

        assertThat(new Report(List.of(items)).missingOrDifferent()).isZero();
        assertThat(new Report(List.of(items, files)).missingOrDifferent()).isEqualTo(3);
        assertThat(ReportView.lines(
                        new Report(List.of(items, files)),
                        List.of(new Exceptional("ITEM", "id-1", "QUARANTINED", "TOO_LARGE"))))
                .element(1, org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .isEqualToIgnoringWhitespace("item 21 20 0 1 0 0 0");
        assertThat(ReportView.lines(new Report(List.of(items)), List.of()))
                .last()
                .asString()
                .endsWith("0 differences.");
        assertThat(ReportView.lines(new Report(List.of(files)), List.of()))
                .last()
                .asString()
                .startsWith("3 objects are");
    }

    @Test
    void memoryOfThisProcessIsKnownWhereThereIsProc() {
        assertThat(PeakMemory.of(ProcessHandle.current()).isPresent())
                .isEqualTo(java.nio.file.Files.exists(java.nio.file.Path.of("/proc/self/status")));
    }

    private static Migration migration(Step... steps) {
        return new Migration("id", "RUNNING", null, List.of(steps), null);
    }
}

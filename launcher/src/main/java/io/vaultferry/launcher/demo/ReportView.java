package io.vaultferry.launcher.demo;

import io.vaultferry.launcher.demo.MigrationApi.Exceptional;
import io.vaultferry.launcher.demo.MigrationApi.KindReport;
import io.vaultferry.launcher.demo.MigrationApi.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The reconciliation report as lines of text. */
final class ReportView {

    private ReportView() {}

    static List<String> lines(Report report, List<Exceptional> exceptions) {
        List<String> lines = new ArrayList<>();
        lines.add(row("", "source", "moved", "skipped", "quarantined", "missing", "different", "unexpected"));
        for (KindReport kind : report.kinds()) {
            lines.add(row(
                    kind.kind().toLowerCase(Locale.ROOT),
                    kind.source(),
                    kind.moved(),
                    kind.skipped(),
                    kind.quarantined(),
                    kind.missing(),
                    kind.different(),
                    kind.unexpected()));
        }
        for (Exceptional exception : exceptions) {
            lines.add("  %s %s was %s: %s"
                    .formatted(
                            exception.kind().toLowerCase(Locale.ROOT),
                            exception.sourceId(),
                            exception.outcome().toLowerCase(Locale.ROOT),
                            exception.reason()));
        }
        long wrong = report.missingOrDifferent();
        lines.add(
                wrong == 0
                        ? "Source and target were compared object by object: 0 differences."
                        : wrong + (wrong == 1 ? " object is" : " objects are") + " missing, different or unexpected.");
        return lines;
    }

    private static String row(String kind, Object... numbers) {
        StringBuilder row = new StringBuilder("  %-11s".formatted(kind));
        for (Object number : numbers) {
            row.append("%12s".formatted(number));
        }
        return row.toString();
    }
}

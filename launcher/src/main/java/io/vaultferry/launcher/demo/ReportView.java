package io.vaultferry.launcher.demo;

import io.vaultferry.launcher.demo.MigrationApi.Exceptional;
import io.vaultferry.launcher.demo.MigrationApi.Report;
import io.vaultferry.launcher.demo.MigrationApi.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The reconciliation report as lines of text. */
final class ReportView {

    private ReportView() {}

    static List<String> lines(Report report, List<Exceptional> exceptions) {
        List<String> lines = new ArrayList<>();
        lines.add(row("", "source", "moved", "skipped", "quarantined", "missing", "different", "unexpected"));
        report.summary().stream()
                .map(Summary::kind)
                .distinct()
                .forEach(kind -> lines.add(row(
                        kind.toLowerCase(Locale.ROOT),
                        report.count(line ->
                                line.kind().equals(kind) && !line.verdict().equals("UNEXPECTED")),
                        outcome(report, kind, "MOVED"),
                        outcome(report, kind, "SKIPPED"),
                        outcome(report, kind, "QUARANTINED"),
                        verdict(report, kind, "MISSING"),
                        verdict(report, kind, "DIFFERENT"),
                        verdict(report, kind, "UNEXPECTED"))));
        for (Exceptional exception : exceptions) {
            lines.add("  %s %s (%s): %s"
                    .formatted(
                            exception.kind().toLowerCase(Locale.ROOT),
                            exception.sourceId() == null ? exception.targetId() : exception.sourceId(),
                            exception.outcome().toLowerCase(Locale.ROOT),
                            exception.message()));
        }
        long skipped = report.count(line -> line.verdict().equals("NOT_COMPARED"));
        lines.add("%s objects of source and target were compared: %d %s."
                .formatted(
                        skipped == 0 ? report.objects() : report.objects() - skipped + " of " + report.objects(),
                        report.differences(),
                        report.differences() == 1 ? "difference" : "differences"));
        return lines;
    }

    /** An unexpected object is none of the source's, whatever outcome is noted beside it. */
    private static long outcome(Report report, String kind, String outcome) {
        return report.count(line -> line.kind().equals(kind)
                && line.outcome().equals(outcome)
                && !line.verdict().equals("UNEXPECTED"));
    }

    private static long verdict(Report report, String kind, String verdict) {
        return report.count(line -> line.kind().equals(kind) && line.verdict().equals(verdict));
    }

    private static String row(String kind, Object... numbers) {
        StringBuilder row = new StringBuilder("  %-11s".formatted(kind));
        for (Object number : numbers) {
            row.append("%12s".formatted(number));
        }
        return row.toString();
    }
}

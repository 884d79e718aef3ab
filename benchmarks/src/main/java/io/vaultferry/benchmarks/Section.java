package io.vaultferry.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One benchmark's part of the results.
 *
 * @param load before it began
 */
record Section(String name, String question, Instant began, Load load, Duration took, Extent extent, Outcome outcome) {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final List<String> HEADINGS = List.of("measure", "Vaultferry", "peer", "ratio", "goal", "verdict");

    /** Without a heading. */
    List<String> markdown() {
        List<String> lines = new ArrayList<>();
        lines.add(question);
        lines.add("");
        lines.add(conditions());
        if (!outcome.findings().isEmpty()) {
            lines.add("");
            lines.add("| " + String.join(" | ", HEADINGS) + " |");
            lines.add("|---".repeat(HEADINGS.size()) + "|");
            cells().forEach(row -> lines.add("| "
                    + String.join(
                            " | ",
                            row.stream().map(cell -> cell.replace("|", "\\|")).toList())
                    + " |"));
        }
        if (!outcome.notes().isEmpty()) {
            lines.add("");
            outcome.notes().forEach(note -> lines.add("- " + note));
        }
        return lines;
    }

    /** Without marks, in columns. */
    List<String> terminal() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        rows.addAll(cells());
        int[] widths = new int[HEADINGS.size()];
        rows.forEach(row -> {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        });
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(name + ": " + question);
        lines.add("  " + conditions());
        if (rows.size() > 1) {
            rows.forEach(row -> lines.add(line(row, widths)));
        }
        outcome.notes().forEach(note -> lines.add("  - " + note));
        return lines;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder(" ");
        for (int column = 0; column < widths.length; column++) {
            line.append(' ').append(String.format(Locale.ROOT, "%-" + widths[column] + "s ", row.get(column)));
        }
        return line.toString().stripTrailing();
    }

    private String conditions() {
        return String.format(
                Locale.ROOT,
                "%s, load before %s, took %d s%s. Repeat: `./ferry bench %s%s`",
                MINUTE.format(began),
                load,
                took.toSeconds(),
                extent == Extent.QUICK ? ", **quick: small sizes, few runs**" : "",
                extent == Extent.QUICK ? "--quick " : "",
                name);
    }

    private List<List<String>> cells() {
        return outcome.findings().stream()
                .map(finding -> List.of(
                        finding.measure(),
                        finding.ours().toString(),
                        finding.peer() + ": " + finding.peers(),
                        Figure.number(finding.ratio()),
                        finding.goal().toString(),
                        finding.verdict()))
                .toList();
    }
}

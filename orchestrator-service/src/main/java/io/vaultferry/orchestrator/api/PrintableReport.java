package io.vaultferry.orchestrator.api;

import io.vaultferry.claimcheck.documents.ReconciliationLine;
import io.vaultferry.claimcheck.documents.Verdict;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.orchestrator.api.MigrationView.PartyView;
import io.vaultferry.orchestrator.api.ReportView.SummaryView;
import io.vaultferry.orchestrator.saga.SagaStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The report as one page that needs nothing else: to read, to print, to file. Everything that comes from outside is
 * escaped; ids of a server are text of a stranger.
 */
final class PrintableReport {

    /** More lines than anybody reads on paper; the JSON report has all of them. */
    static final int MOST_LINES = 5_000;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String STYLE = """
            :root{color-scheme:light dark;background:#fff;color:#17202c}
            @media screen and (prefers-color-scheme:dark){:root{background:#10151c;color:#e8edf4}}
            body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
            h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
            th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;vertical-align:top}
            td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}code{font-size:.85em;word-break:break-all}
            .verdict{font-size:1.15rem;font-weight:600;padding:.6rem .9rem;border:2px solid;border-radius:.4rem}
            .good{color:#177245}.bad{color:#b3261e}@media screen and (prefers-color-scheme:dark){.good{color:#5fce93}.bad{color:#ff8a80}}
            @media print{body{margin:0;max-width:none}tr{break-inside:avoid}}
            @media screen and (max-width:46rem){table,tbody{display:block}thead,td:empty,td:has(code:empty){display:none}
            tr{display:block;padding:.5rem 0;border-bottom:1px solid #8884}th,td,td.number{display:block;text-align:left;padding:.1rem 0;border:0}
            td[data-column]{display:grid;grid-template-columns:6rem 1fr}td::before{content:attr(data-column)}}
            """;

    /** For the page: nothing runs, nothing is loaded, and only its own style applies. */
    static final String CONTENT_POLICY = "default-src 'none'; style-src 'sha256-" + sha256(STYLE)
            + "'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    private PrintableReport() {}

    /**
     * @param remarkable lines to list; one more than {@link #MOST_LINES} when there are more than that
     */
    static String of(ReportView report, List<ReconciliationLine> remarkable) {
        MigrationView migration = report.migration();
        StringBuilder page = new StringBuilder();
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Migration ")
                .append(escape(migration.id().toString()))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body><main><h1>Report of a migration</h1>");
        verdict(page, report);
        facts(page, migration);
        summary(page, report.summary());
        lines(page, remarkable);
        return page.append("</main></body></html>\n").toString();
    }

    private static void verdict(StringBuilder page, ReportView report) {
        MigrationView migration = report.migration();
        boolean good = migration.status() == SagaStatus.COMPLETED;
        page.append("<p class=\"verdict ")
                .append(good ? "good" : "bad")
                .append("\">")
                .append(
                        switch (migration.status()) {
                            case COMPLETED ->
                                migration.dryRun()
                                        ? "Dry run: nothing was written."
                                        : compared(report) + ", 0 differences.";
                            case COMPLETED_WITH_EXCEPTIONS ->
                                compared(report) + ", " + report.differences()
                                        + " differences. What did not arrive is listed below.";
                            case COMPENSATED -> "Taken back.";
                            case PLANNED, RUNNING, PAUSED, WAITING, COMPENSATING, STUCK -> "Not ended.";
                        })
                .append("</p>");
    }

    private static String compared(ReportView report) {
        long skipped = report.summary().stream()
                .filter(line -> line.verdict() == Verdict.NOT_COMPARED)
                .mapToLong(SummaryView::objects)
                .sum();
        return skipped == 0
                ? report.objects() + " objects compared"
                : (report.objects() - skipped) + " of " + report.objects() + " objects compared";
    }

    private static void facts(StringBuilder page, MigrationView migration) {
        page.append("<table><tbody>");
        fact(page, "Migration", migration.id().toString());
        fact(page, "Status", words(migration.status()));
        fact(page, "Started", time(migration.createdAt()));
        fact(page, "Ended", time(migration.finishedAt()));
        fact(page, "Source", partyOf(migration.source()));
        fact(page, "Target", partyOf(migration.target()));
        page.append("</tbody></table>");
    }

    private static void summary(StringBuilder page, List<SummaryView> summary) {
        page.append("<h2>Objects</h2><table><thead><tr><th>Kind</th><th class=\"number\">Objects</th><th>Outcome</th>")
                .append("<th>Compared</th><th>Remark</th></tr></thead><tbody>");
        for (SummaryView line : summary) {
            page.append("<tr>");
            cell(page, "Kind", words(line.kind()));
            page.append("<td class=\"number\" data-column=\"Objects\">")
                    .append(line.objects())
                    .append("</td>");
            cell(page, "Outcome", words(line.outcome()));
            cell(page, "Compared", words(line.verdict()));
            cell(page, "Remark", Optional.ofNullable(line.message()).orElse(""));
            page.append("</tr>");
        }
        page.append("</tbody></table>");
    }

    private static void lines(StringBuilder page, List<ReconciliationLine> lines) {
        if (lines.isEmpty()) {
            return;
        }
        page.append("<h2>Objects with a remark</h2><table><thead><tr><th>Kind</th><th>Source</th><th>Target</th>")
                .append("<th>Outcome</th><th>Compared</th><th>Remark</th></tr></thead><tbody>");
        for (ReconciliationLine line : lines.subList(0, Math.min(lines.size(), MOST_LINES))) {
            page.append("<tr>");
            cell(page, "Kind", words(line.kind()));
            id(page, "Source", line.sourceId());
            id(page, "Target", line.targetId());
            cell(page, "Outcome", words(line.outcome()));
            cell(page, "Compared", words(line.verdict()));
            cell(page, "Remark", line.reason().map(ReasonCode::sentence).orElse(""));
            page.append("</tr>");
        }
        page.append("</tbody></table>");
        if (lines.size() > MOST_LINES) {
            page.append("<p>Only the first ")
                    .append(MOST_LINES)
                    .append(" are listed here. The JSON report has every object.</p>");
        }
    }

    /** On a phone, where a row is a block of lines, each line begins with the name of its column. */
    private static void cell(StringBuilder page, String column, String text) {
        page.append("<td data-column=\"")
                .append(column)
                .append("\">")
                .append(escape(text))
                .append("</td>");
    }

    private static void id(StringBuilder page, String column, Optional<String> id) {
        page.append("<td data-column=\"")
                .append(column)
                .append("\"><code>")
                .append(escape(id.orElse("")))
                .append("</code></td>");
    }

    private static void fact(StringBuilder page, String name, String value) {
        page.append("<tr><th scope=\"row\">")
                .append(name)
                .append("</th><td>")
                .append(escape(value))
                .append("</td></tr>");
    }

    private static String partyOf(PartyView party) {
        return party.server() + ", organization "
                + Optional.ofNullable(party.organization()).orElse("not created");
    }

    private static String time(Instant instant) {
        return instant == null ? "" : TIME.format(instant);
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

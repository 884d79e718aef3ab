package io.vaultferry.orchestrator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vaultferry.claimcheck.documents.ReconciliationLine;
import io.vaultferry.claimcheck.documents.Verdict;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.orchestrator.persistence.ReportRepository.Summary;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What was compared. In the JSON document, {@code lines} follows with one {@link LineView} for each object.
 *
 * @param differences objects that are missing, different or unexpected in the target
 */
@Schema(name = "MigrationReport")
record ReportView(MigrationView migration, long objects, long differences, List<SummaryView> summary) {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "ReportSummary")
    record SummaryView(
            ObjectKind kind, Outcome outcome, Verdict verdict, ReasonCode reason, String message, long objects) {

        static SummaryView of(Summary summary) {
            return new SummaryView(
                    summary.kind(),
                    summary.outcome(),
                    summary.verdict(),
                    summary.reason().orElse(null),
                    summary.reason().map(ReasonCode::sentence).orElse(null),
                    summary.objects());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "ReportLine")
    record LineView(
            ObjectKind kind, String sourceId, String targetId, Outcome outcome, ReasonCode reason, Verdict verdict) {

        static LineView of(ReconciliationLine line) {
            return new LineView(
                    line.kind(),
                    line.sourceId().orElse(null),
                    line.targetId().orElse(null),
                    line.outcome(),
                    line.reason().orElse(null),
                    line.verdict());
        }
    }

    static ReportView of(MigrationView migration, List<Summary> summaries) {
        return new ReportView(
                migration,
                summaries.stream().mapToLong(Summary::objects).sum(),
                summaries.stream()
                        .filter(summary -> isDifference(summary.verdict()))
                        .mapToLong(Summary::objects)
                        .sum(),
                summaries.stream().map(SummaryView::of).toList());
    }

    private static boolean isDifference(Verdict verdict) {
        return switch (verdict) {
            case DIFFERENT, MISSING, UNEXPECTED -> true;
            case EQUAL, NOT_COMPARED -> false;
        };
    }
}

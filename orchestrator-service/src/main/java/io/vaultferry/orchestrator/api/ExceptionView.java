package io.vaultferry.orchestrator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.orchestrator.persistence.ExceptionRepository.ObjectException;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One object that did not arrive as it was.
 *
 * @param step the step that says so
 * @param message the reason in words
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "ObjectException")
record ExceptionView(
        Step step,
        ObjectKind kind,
        String sourceId,
        String targetId,
        Outcome outcome,
        ReasonCode reason,
        String message) {

    static ExceptionView of(ObjectException exception) {
        return new ExceptionView(
                exception.step(),
                exception.kind(),
                exception.sourceId().orElse(null),
                exception.targetId().orElse(null),
                exception.outcome(),
                exception.reason(),
                exception.reason().sentence());
    }
}

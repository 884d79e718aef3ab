package io.vaultferry.orchestrator.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * @param endsAt when the session ends at the latest; null without one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Session")
record SessionView(boolean signedIn, Instant endsAt) {}

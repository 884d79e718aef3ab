package io.vaultferry.orchestrator.access;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Body of {@code POST /api/v1/session}. */
@Schema(description = "The admin key.")
record SessionRequest(
        @NotBlank(message = "Give the admin key. ./ferry up keeps it in DIR/admin.key.")
        @Size(max = 512, message = "This is longer than an admin key.")
        @Schema(format = "password", writeOnly = true)
        String key) {

    @Override
    public String toString() {
        return "SessionRequest[redacted]";
    }
}

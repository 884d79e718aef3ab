package io.vaultferry.orchestrator.connections;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Body of {@code PUT /api/v1/connections/{id}/credentials}. */
@Schema(description = "New credentials of the account that a connection was made with.")
record RenewalRequest(
        @NotNull(message = "Give the account's credentials.") @Valid
        CredentialsRequest credentials) {

    /** Overwrites the master password. */
    void forgetPassword() {
        credentials.forgetPassword();
    }

    @Override
    public String toString() {
        return "RenewalRequest[redacted]";
    }
}

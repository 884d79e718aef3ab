package io.vaultferry.orchestrator.connections;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Body of {@code POST /api/v1/connections}. */
@Schema(description = "One account on one Bitwarden-compatible server.")
record ConnectionRequest(
        @NotBlank(message = "Give the connection a name.")
        @Size(max = 100, message = "A name has at most 100 characters.")
        @Schema(examples = "Old server")
        String name,

        @NotBlank(message = "Give the server's address, for example https://vault.example.com.")
        @Size(max = 2048, message = "An address has at most 2048 characters.")
        @Schema(examples = "https://vault.example.com")
        String serverUrl,

        @NotNull(message = "Give the account's credentials.") @Valid
        CredentialsRequest credentials) {

    /** Overwrites the master password. */
    void forgetPassword() {
        credentials.forgetPassword();
    }

    @Override
    public String toString() {
        return "ConnectionRequest[redacted]";
    }
}

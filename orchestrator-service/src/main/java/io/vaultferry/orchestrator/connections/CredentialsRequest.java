package io.vaultferry.orchestrator.connections;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.vaultferry.orchestrator.api.problem.Problem;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Credentials as they are sent. One flat record and not one for each type: reading a type that is named somewhere in the
 * object would make Jackson keep the members before it, the password among them, in a buffer of strings.
 */
@Schema(
        description = "type \"password\": email, masterPassword, and totp when the account has two-step login."
                + " type \"apiKey\": clientId, clientSecret, masterPassword. No secret is ever sent back.")
record CredentialsRequest(
        @NotNull(message = "Give \"password\" or \"apiKey\".")
        Type type,

        @Size(max = 256, message = "An e-mail address has at most 256 characters.")
        @Schema(examples = "owner@example.com")
        String email,

        @Schema(implementation = String.class, format = "password", writeOnly = true)
        MasterPassword masterPassword,

        @Size(max = 32, message = "A code has at most 32 characters.") @Schema(examples = "123456", writeOnly = true)
        String totp,

        @Size(max = 128, message = "A client id has at most 128 characters.")
        @Schema(examples = "user.7b0c1f5e-6a53-4a5e-9d0e-0f7d3f4c9a11")
        String clientId,

        @Size(max = 256, message = "A client secret has at most 256 characters.")
        @Schema(format = "password", writeOnly = true)
        String clientSecret) {

    /** How to log in. */
    enum Type {
        @JsonProperty("password")
        PASSWORD,
        @JsonProperty("apiKey")
        API_KEY
    }

    /** Refuses what is missing for the type, and what does not belong to it. */
    void requireComplete() {
        List<Problem.FieldError> errors = new ArrayList<>();
        switch (type) {
            case PASSWORD -> {
                require(email, "email", "Give the account's e-mail address.", errors);
                refuse(clientId, "clientId", "apiKey", errors);
                refuse(clientSecret, "clientSecret", "apiKey", errors);
            }
            case API_KEY -> {
                require(clientId, "clientId", "Give the client id of the account's API key.", errors);
                require(clientSecret, "clientSecret", "Give the client secret of the account's API key.", errors);
                refuse(email, "email", "password", errors);
                refuse(totp, "totp", "password", errors);
            }
        }
        if (masterPassword == null || masterPassword.isEmpty()) {
            errors.add(new Problem.FieldError(
                    "credentials.masterPassword",
                    "Give the master password: it opens the account's keys, and is forgotten then."));
        }
        if (!errors.isEmpty()) {
            throw ProblemException.ofFields(
                    ProblemCode.INVALID_FIELD,
                    errors.size() == 1
                            ? errors.getFirst().field() + ": "
                                    + errors.getFirst().detail()
                            : errors.size() + " fields are not acceptable; see errors.",
                    errors);
        }
    }

    /** Overwrites the master password. */
    void forgetPassword() {
        if (masterPassword != null) {
            masterPassword.close();
        }
    }

    private static void require(String value, String field, String what, List<Problem.FieldError> errors) {
        if (value == null || value.isBlank()) {
            errors.add(new Problem.FieldError("credentials." + field, what));
        }
    }

    private static void refuse(String value, String field, String type, List<Problem.FieldError> errors) {
        if (value != null) {
            errors.add(new Problem.FieldError(
                    "credentials." + field, "This belongs to credentials of type \"" + type + "\". Leave it out."));
        }
    }

    @Override
    public String toString() {
        return "CredentialsRequest[redacted]";
    }
}

package io.vaultferry.bitwarden.client;

import java.util.regex.Pattern;

/** The API key of an account. Logs in past two-step login, but opens no vault without the master password. */
public final class ApiKeyCredentials {
    private static final Pattern CLIENT_ID = Pattern.compile("user\\.[0-9A-Za-z-]{1,64}");

    private final String clientId;
    private final String clientSecret;

    private ApiKeyCredentials(String clientId, String clientSecret) {
        this.clientId = clientId;
        this.clientSecret = clientSecret;
    }

    /** @throws IllegalArgumentException with a sentence for the user when this is not the key of an account */
    public static ApiKeyCredentials of(String clientId, String clientSecret) {
        String id = clientId.strip();
        if (!CLIENT_ID.matcher(id).matches()) {
            throw new IllegalArgumentException("The client id of an account's API key begins with \"user.\"."
                    + " The key of an organization does not open its vault.");
        }
        if (clientSecret.isBlank()) {
            throw new IllegalArgumentException("The client secret is missing.");
        }
        return new ApiKeyCredentials(id, clientSecret.strip());
    }

    String clientId() {
        return clientId;
    }

    String clientSecret() {
        return clientSecret;
    }

    @Override
    public String toString() {
        return "ApiKeyCredentials[redacted]";
    }
}

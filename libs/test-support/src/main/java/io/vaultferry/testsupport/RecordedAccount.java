package io.vaultferry.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultferry.bitwarden.client.ApiKeyCredentials;
import io.vaultferry.bitwarden.client.UserId;
import io.vaultferry.bitwarden.crypto.PrivateKey;
import java.util.Base64;
import java.util.stream.StreamSupport;

/** The accounts of the recording. */
public enum RecordedAccount {
    OWNER,
    ADMIN,
    MANAGER,
    ALICE,
    BOB,
    TOTP;

    public String email() {
        return name().toLowerCase(java.util.Locale.ROOT) + "@acme.example.test";
    }

    public UserId id() {
        return new UserId(json().get("id").textValue());
    }

    /** The account's own private key; the caller closes it. */
    public PrivateKey privateKey() {
        return PrivateKey.takeOwnershipOf(Base64.getDecoder()
                .decode(json().get("decrypted").get("privateKeyDer").textValue()));
    }

    ApiKeyCredentials apiKey() {
        return ApiKeyCredentials.of("user." + id(), json().get("apiKey").textValue());
    }

    private JsonNode json() {
        return StreamSupport.stream(
                        RecordedOrganization.stored().get("accounts").spliterator(), false)
                .filter(account -> account.get("email").textValue().equals(email()))
                .findFirst()
                .orElseThrow();
    }
}

package io.vaultferry.staging.s3;

import java.util.Objects;

/**
 * A static key of an S3 account.
 *
 * @param id its public half
 * @param secret signs requests and never leaves this process
 */
public record AccessKey(String id, String secret) {

    public AccessKey {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(secret, "secret");
    }

    @Override
    public String toString() {
        return "AccessKey[redacted]";
    }
}

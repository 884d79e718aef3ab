package io.vaultferry.contracts;

import java.util.Objects;

/**
 * A payload by reference: where a sealed document lies in the staging store.
 *
 * @param location the store's own name of the document, relative to the store
 * @param sha256 lower-case hexadecimal SHA-256 of the sealed bytes
 * @param size length of the sealed bytes
 */
public record ClaimCheck(String location, String sha256, long size) {

    public ClaimCheck {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(sha256, "sha256");
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("sha256 is not 64 lower-case hexadecimal digits");
        }
        if (size < 0) {
            throw new IllegalArgumentException("size is negative");
        }
    }
}

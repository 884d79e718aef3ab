package io.vaultferry.bitwarden.client;

/**
 * An identifier that a server made. Ids are put into request paths, so only letters, digits and hyphens are accepted:
 * a hostile server cannot lead a request elsewhere with one.
 */
public sealed interface Id permits AttachmentId, CollectionId, GroupId, ItemId, MemberId, OrganizationId, UserId {
    /** The server's text, unchanged. */
    String value();

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }

    /** Returns the value, or refuses one that is no identifier. */
    static String requireId(String value) {
        if (value.isEmpty() || value.length() > 64 || !value.chars().allMatch(c -> isAllowed((char) c))) {
            throw new IllegalArgumentException("Not an identifier: 1 to 64 letters, digits and hyphens are expected.");
        }
        return value;
    }
}

package io.vaultferry.bitwarden.client;

/** How the bytes of an attachment reach the server, with the wire's numbers ({@code FileUploadType}). */
public enum UploadKind {
    /** As a form to the server itself. */
    DIRECT,
    /** As a PUT to a signed address of another origin; not built. */
    SIGNED_ADDRESS,
    /** In a way that a server names and nobody here knows. */
    UNKNOWN;

    static UploadKind of(int wireNumber) {
        return switch (wireNumber) {
            case 0 -> DIRECT;
            case 1 -> SIGNED_ADDRESS;
            default -> UNKNOWN;
        };
    }

    /** Whether {@link BitwardenSession#uploadAttachment} can do it. */
    public boolean isSupported() {
        return this == DIRECT;
    }
}

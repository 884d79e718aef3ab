package io.vaultferry.bitwarden.client;

/** How the bytes of an attachment reach the server, with the wire's numbers ({@code FileUploadType}). */
public enum UploadKind {
    /** As a form to the server itself. */
    DIRECT,
    /** As a PUT to a signed address of another origin. */
    SIGNED_ADDRESS
}

package io.vaultferry.bitwarden.crypto;

/** Skeleton. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class AttachmentFormat {
    public static final int HEADER = 49;

    private AttachmentFormat() {}

    public static long encryptedSize(long plainSize) {
        throw new UnsupportedOperationException();
    }
}

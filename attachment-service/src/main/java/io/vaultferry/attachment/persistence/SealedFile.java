package io.vaultferry.attachment.persistence;

/**
 * A file of a unit with its manifest line, sealed.
 *
 * @param sealed under the migration's staging key
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record SealedFile(String sourceAttachment, byte[] sealed) {

    @Override
    public String toString() {
        return "SealedFile[" + sourceAttachment + "]";
    }
}

package io.vaultferry.bitwarden.client;

import io.vaultferry.bitwarden.crypto.EncString;
import java.util.Optional;

/**
 * A file of an item.
 *
 * @param keyText the wrapped key of the file; absent for files from before files had keys
 * @param size of the encrypted bytes
 */
public record Attachment(AttachmentId id, Optional<String> keyText, String fileNameText, long size) {
    /** @throws io.vaultferry.bitwarden.crypto.InvalidEncStringException when the server stores something else */
    public Optional<EncString> key() {
        return keyText.flatMap(EncString::parseOptional);
    }

    /** @throws io.vaultferry.bitwarden.crypto.InvalidEncStringException when the server stores something else */
    public EncString fileName() {
        return EncString.parse(fileNameText);
    }

    @Override
    public String toString() {
        return "Attachment[" + id + "]";
    }
}

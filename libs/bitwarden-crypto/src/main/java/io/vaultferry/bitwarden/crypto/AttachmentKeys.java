package io.vaultferry.bitwarden.crypto;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * The keys of the files of items. Three generations exist side by side:
 *
 * <pre>
 *                                    contents under      key under            file name under
 * OWN_KEY_UNDER_ITEM_KEY             the file's key      the item's key       the item's key
 * OWN_KEY_UNDER_ORGANIZATION_KEY     the file's key      organization's key   organization's key
 * NO_OWN_KEY                         organization's key  -                    the item's key, else the organization's
 * </pre>
 *
 * <p>Contents of the first generation are under the organization's key even where the item has a key. Nothing binds the
 * bytes of a file to its item or its server, so contents with a key of their own move as they are. Source:
 * {@code attachment.rs} in bitwarden/sdk-internal.
 */
public final class AttachmentKeys {
    private AttachmentKeys() {}

    /** How a file's contents are protected. */
    public enum Generation {
        OWN_KEY_UNDER_ITEM_KEY,
        OWN_KEY_UNDER_ORGANIZATION_KEY,
        NO_OWN_KEY
    }

    /** What a server says about a file: the key of its item, its own key, its name. */
    public record Source(EncString itemKeyOrNull, EncString attachmentKeyOrNull, EncString fileName) {
        public Source {
            Objects.requireNonNull(fileName, "fileName");
        }

        public Generation generation() {
            if (attachmentKeyOrNull == null) {
                return Generation.NO_OWN_KEY;
            }
            return itemKeyOrNull == null
                    ? Generation.OWN_KEY_UNDER_ORGANIZATION_KEY
                    : Generation.OWN_KEY_UNDER_ITEM_KEY;
        }
    }

    /** What to tell the target, and whether the encrypted bytes go there as they are. */
    public record Target(EncString key, EncString fileName, boolean contentsUnchanged) {}

    /** An opened file: its name, and the key of its contents until this is closed. */
    public static final class Opened implements AutoCloseable {
        private final Generation generation;
        private final String fileName;
        private final SymmetricKey contentKey;

        private Opened(Generation generation, String fileName, SymmetricKey contentKey) {
            this.generation = generation;
            this.fileName = fileName;
            this.contentKey = contentKey;
        }

        public Generation generation() {
            return generation;
        }

        public String fileName() {
            return fileName;
        }

        /** The file's own key, or a copy of the organization's where it has none. */
        public SymmetricKey contentKey() {
            return contentKey;
        }

        @Override
        public void close() {
            contentKey.close();
        }

        @Override
        public String toString() {
            return "Opened[" + generation + "]";
        }
    }

    /**
     * @throws CryptoException the item's key, the file's key or its name does not open;
     *     {@link CryptoException#field()} says which
     */
    public static Opened open(Source source, SymmetricKey organizationKey) {
        try (SymmetricKey fieldsKey = fieldsKey(source.itemKeyOrNull(), organizationKey)) {
            String fileName = inField("fileName", () -> fieldsKey.decryptText(source.fileName()));
            SymmetricKey contentKey = source.attachmentKeyOrNull() == null
                    ? organizationKey.copy()
                    : inField("attachmentKey", () -> fieldsKey.unwrap(source.attachmentKeyOrNull()));
            return new Opened(source.generation(), fileName, contentKey);
        }
    }

    /**
     * What the target needs for this file. Key and name stay as they are, byte for byte, where the target's item has the
     * very key that the source's item has; else both are encrypted anew. The contents stay as they are unless a new key is
     * given.
     *
     * @param targetItemKeyOrNull the {@code key} of the item on the target, null when it has none
     * @param newContentKeyOrNull encrypt the contents anew under this key; a must for {@link Generation#NO_OWN_KEY}
     * @throws CryptoException as {@link #open}, or the key of the target's item does not open
     * @throws IllegalArgumentException a file without a key of its own, and no new key
     */
    public static Target moveToOrganization(
            Source source,
            SymmetricKey sourceOrganizationKey,
            EncString targetItemKeyOrNull,
            SymmetricKey targetOrganizationKey,
            SymmetricKey newContentKeyOrNull) {
        if (source.attachmentKeyOrNull() == null && newContentKeyOrNull == null) {
            throw new IllegalArgumentException("A file without a key of its own needs a new one.");
        }
        try (Opened opened = open(source, sourceOrganizationKey);
                SymmetricKey sourceFieldsKey = fieldsKey(source.itemKeyOrNull(), sourceOrganizationKey);
                SymmetricKey targetFieldsKey = fieldsKey(targetItemKeyOrNull, targetOrganizationKey)) {
            boolean fieldsUnchanged = targetFieldsKey.sameAs(sourceFieldsKey);
            EncString fileName = fieldsUnchanged ? source.fileName() : targetFieldsKey.encryptText(opened.fileName());
            if (newContentKeyOrNull != null) {
                return new Target(targetFieldsKey.wrap(newContentKeyOrNull), fileName, false);
            }
            EncString key = fieldsUnchanged ? source.attachmentKeyOrNull() : targetFieldsKey.wrap(opened.contentKey());
            return new Target(key, fileName, true);
        }
    }

    private static SymmetricKey fieldsKey(EncString itemKeyOrNull, SymmetricKey organizationKey) {
        return itemKeyOrNull == null
                ? organizationKey.copy()
                : inField("key", () -> organizationKey.unwrap(itemKeyOrNull));
    }

    private static <T> T inField(String field, Supplier<T> opening) {
        try {
            return opening.get();
        } catch (CryptoException e) {
            throw e.inside(field);
        }
    }
}

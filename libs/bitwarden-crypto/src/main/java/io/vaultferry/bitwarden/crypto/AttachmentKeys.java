package io.vaultferry.bitwarden.crypto;

/** Skeleton. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class AttachmentKeys {
    private AttachmentKeys() {}

    public enum Generation {
        OWN_KEY_UNDER_ITEM_KEY,
        OWN_KEY_UNDER_ORGANIZATION_KEY,
        NO_OWN_KEY
    }

    public record Source(EncString itemKeyOrNull, EncString attachmentKeyOrNull, EncString fileName) {}

    public record Target(EncString key, EncString fileName, boolean contentsUnchanged) {}

    public static final class Opened implements AutoCloseable {
        private Opened() {}

        public Generation generation() {
            throw new UnsupportedOperationException();
        }

        public String fileName() {
            throw new UnsupportedOperationException();
        }

        public SymmetricKey contentKey() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }
    }

    public static Opened open(Source source, SymmetricKey organizationKey) {
        throw new UnsupportedOperationException();
    }

    public static Target moveToOrganization(
            Source source,
            SymmetricKey sourceOrganizationKey,
            EncString targetItemKeyOrNull,
            SymmetricKey targetOrganizationKey,
            SymmetricKey newContentKeyOrNull) {
        throw new UnsupportedOperationException();
    }
}

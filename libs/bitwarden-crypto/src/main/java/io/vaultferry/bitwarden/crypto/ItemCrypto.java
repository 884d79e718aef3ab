package io.vaultferry.bitwarden.crypto;

import java.util.Map;

/** Skeleton. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public final class ItemCrypto {
    private ItemCrypto() {}

    public static boolean hasOwnKey(Map<String, Object> item) {
        throw new UnsupportedOperationException();
    }

    public static Map<String, Object> decrypt(Map<String, Object> item, SymmetricKey organizationKey) {
        throw new UnsupportedOperationException();
    }

    public static Map<String, Object> moveToOrganization(
            Map<String, Object> item, SymmetricKey source, SymmetricKey target) {
        throw new UnsupportedOperationException();
    }

    public static byte[] comparisonHash(Map<String, Object> decryptedItem, SymmetricKey hashKey) {
        throw new UnsupportedOperationException();
    }
}

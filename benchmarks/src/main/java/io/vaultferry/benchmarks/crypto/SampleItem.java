package io.vaultferry.benchmarks.crypto;

import io.vaultferry.benchmarks.crypto.RawCrypto.Keys;
import io.vaultferry.benchmarks.system.PlainLogin;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One plain login in an organization to leave and one to go to, as items and as what is in them. */
final class SampleItem {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] sourceBytes = random();
    private final byte[] targetBytes = random();
    private final byte[] itemBytes = random();
    private final RawCrypto raw = new RawCrypto();
    private final Keys source = Keys.of(sourceBytes);
    private final Keys target = Keys.of(targetBytes);
    private final Keys item = Keys.of(itemBytes);
    private final byte[] wrappedItemKey;
    private final List<byte[]> underSource = new ArrayList<>();
    private final List<byte[]> underItem = new ArrayList<>();

    SampleItem() {
        try {
            wrappedItemKey = raw.seal(source, itemBytes);
            for (String text : new PlainLogin(1).texts()) {
                byte[] plain = text.getBytes(StandardCharsets.UTF_8);
                underSource.add(raw.seal(source, plain));
                underItem.add(raw.seal(item, plain));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[SymmetricKey.LENGTH];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    SymmetricKey sourceKey() {
        return SymmetricKey.takeCopyOf(sourceBytes);
    }

    SymmetricKey targetKey() {
        return SymmetricKey.takeCopyOf(targetBytes);
    }

    /** As a server lists it. */
    Map<String, Object> listed(boolean ownKey, int number) {
        PlainLogin login = new PlainLogin(number);
        Map<String, Object> listed = new LinkedHashMap<>();
        listed.put("id", new UUID(1, number).toString());
        listed.put("organizationId", new UUID(2, 2).toString());
        listed.put("collectionIds", List.of(new UUID(3, 3).toString()));
        listed.put("creationDate", "2026-11-23T10:00:00.000000Z");
        listed.put("revisionDate", "2026-11-23T10:00:00.000000Z");
        listed.put("deletedDate", null);
        listed.put("key", null);
        try (SymmetricKey key = sourceKey()) {
            listed.putAll(ownKey ? login.encryptedUnderOwnKey(key) : login.encrypted(key));
        }
        return listed;
    }

    /** The bare operations of wrapping the item's key anew, and of checking that every field opens. */
    int rewrapRaw() throws GeneralSecurityException {
        int bytes = raw.open(source, wrappedItemKey).length;
        for (byte[] field : underItem) {
            bytes += raw.open(item, field).length;
        }
        return bytes + raw.seal(target, itemBytes).length;
    }

    /** The bare operations of decrypting every field and encrypting it again. */
    int reencryptRaw() throws GeneralSecurityException {
        int bytes = 0;
        for (byte[] field : underSource) {
            bytes += raw.seal(target, raw.open(source, field)).length;
        }
        return bytes;
    }
}

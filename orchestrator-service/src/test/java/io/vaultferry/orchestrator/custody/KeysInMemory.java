package io.vaultferry.orchestrator.custody;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A key vault that forgets everything with the test. */
public final class KeysInMemory implements KeyVault {

    private final SecureRandom random = new SecureRandom();
    private final Map<KeyName, byte[]> keys = new ConcurrentHashMap<>();

    @Override
    public void make(KeyName name) {
        byte[] key = new byte[KEY_LENGTH];
        random.nextBytes(key);
        if (keys.putIfAbsent(name, key) != null) {
            throw new CustodyException("there is a key " + name + " already");
        }
    }

    @Override
    public byte[] get(KeyName name) {
        byte[] key = keys.get(name);
        if (key == null) {
            throw new UnknownKeyException(name);
        }
        return key.clone();
    }

    @Override
    public boolean holds(KeyName name) {
        return keys.containsKey(name);
    }

    @Override
    public void destroy(KeyName name) {
        keys.remove(name);
    }
}

package io.vaultferry.bitwarden.crypto.hazmat;

/** AES-256-CBC with PKCS#7 padding, then HMAC-SHA256 over IV and ciphertext; random IVs. Thread-safe. */
public final class AesCbcHmac {
    public static final int BLOCK = 16;
    public static final int IV_LENGTH = 16;
    public static final int MAC_LENGTH = 32;

    private AesCbcHmac() {}

    public static Sealed seal(AesCbcHmacKey key, byte[] plaintext) {
        Engine engine = EnginePool.take(key);
        try {
            return engine.seal(key, plaintext);
        } finally {
            EnginePool.giveBack(engine);
        }
    }

    /** Checks the MAC in constant time before it decrypts anything. */
    public static byte[] open(AesCbcHmacKey key, Sealed sealed) throws RejectedException {
        Engine engine = EnginePool.take(key);
        try {
            return engine.open(key, sealed);
        } finally {
            EnginePool.giveBack(engine);
        }
    }
}

package io.vaultferry.bitwarden.crypto.hazmat;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;

/**
 * An AES-CBC encryptor, a decryptor and a MAC that stay set up for the key they were last used with. Making and keying
 * them costs several times as much as encrypting a field of an item. Used by one thread at a time.
 */
final class Engine {
    private static final int IV_LENGTH = 16;
    private static final RawKey NO_KEY = RawKey.owning(new byte[32]);
    private static final IvParameterSpec ZEROS = new IvParameterSpec(new byte[IV_LENGTH]);

    private final Cipher encryptor;
    private final Cipher decryptor;
    private final Mac mac;
    private final byte[] randomness = new byte[64 * IV_LENGTH];
    private int randomnessUsed = randomness.length;
    private volatile AesCbcHmacKey loaded;
    /** Which of the two hold a key: an item's own key decrypts some fields and is gone, and wiping costs as much as keying. */
    private boolean encryptorKeyed;

    private boolean decryptorKeyed;

    Engine() {
        try {
            encryptor = Cipher.getInstance("AES/CBC/PKCS5Padding");
            decryptor = Cipher.getInstance("AES/CBC/PKCS5Padding");
            mac = Mac.getInstance("HmacSHA256");
            // All three choose their provider by the first key that they see, which must not be one that is being
            // destroyed.
            encryptorKeyed = true;
            decryptorKeyed = true;
            unload();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks AES-CBC or HMAC-SHA256.", e);
        }
    }

    /** Null when it holds none. */
    AesCbcHmacKey loadedKey() {
        return loaded;
    }

    Sealed seal(AesCbcHmacKey key, byte[] plaintext) {
        try {
            load(key);
            byte[] iv = nextIv();
            encryptorKeyed = true;
            encryptor.init(Cipher.ENCRYPT_MODE, key.encryption(), new IvParameterSpec(iv));
            byte[] ciphertext = encryptor.doFinal(plaintext);
            return new Sealed(iv, ciphertext, macOf(iv, ciphertext));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CBC or HMAC-SHA256 does not work on this Java runtime.", e);
        }
    }

    byte[] open(AesCbcHmacKey key, Sealed sealed) throws RejectedException {
        try {
            load(key);
            // Never decrypt what is not known to be authentic: the padding would be an oracle.
            if (!MessageDigest.isEqual(macOf(sealed.iv(), sealed.ciphertext()), sealed.mac())) {
                throw new RejectedException();
            }
            decryptorKeyed = true;
            decryptor.init(Cipher.DECRYPT_MODE, key.encryption(), new IvParameterSpec(sealed.iv()));
            return decryptor.doFinal(sealed.ciphertext());
        } catch (GeneralSecurityException e) {
            throw new RejectedException();
        }
    }

    private byte[] macOf(byte[] iv, byte[] ciphertext) {
        mac.update(iv);
        mac.update(ciphertext);
        return mac.doFinal();
    }

    private void load(AesCbcHmacKey key) throws GeneralSecurityException {
        if (loaded == key) {
            if (key.isDestroyed()) {
                throw new IllegalStateException("The key was destroyed.");
            }
            return;
        }
        if (loaded != null) {
            // Else the half that is not used next would keep the old key for good.
            unload();
        }
        mac.init(key.authentication());
        loaded = key;
    }

    /** Overwrites the key schedules and pads that the provider keeps. */
    void unload() throws GeneralSecurityException {
        mac.init(NO_KEY);
        if (encryptorKeyed) {
            encryptor.init(Cipher.ENCRYPT_MODE, NO_KEY, ZEROS);
            encryptorKeyed = false;
        }
        if (decryptorKeyed) {
            decryptor.init(Cipher.DECRYPT_MODE, NO_KEY, ZEROS);
            decryptorKeyed = false;
        }
        loaded = null;
    }

    private byte[] nextIv() {
        if (randomnessUsed == randomness.length) {
            Randomness.fill(randomness);
            randomnessUsed = 0;
        }
        byte[] iv = Arrays.copyOfRange(randomness, randomnessUsed, randomnessUsed + IV_LENGTH);
        Arrays.fill(randomness, randomnessUsed, randomnessUsed + IV_LENGTH, (byte) 0);
        randomnessUsed += IV_LENGTH;
        return iv;
    }
}

package io.vaultferry.benchmarks.crypto;

import io.vaultferry.bitwarden.crypto.SymmetricKey;
import java.security.GeneralSecurityException;
import java.security.Key;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The ceiling: AES-256-CBC and HMAC-SHA256 of the Java platform on byte arrays, with one engine of each, used again and again. No
 * text, no Base64, no random numbers, no comparison.
 */
final class RawCrypto {

    private static final String HMAC = "HmacSHA256";
    private static final int HALF = SymmetricKey.LENGTH / 2;
    private static final IvParameterSpec IV = new IvParameterSpec(new byte[16]);

    private final Cipher aes;
    private final Mac hmac;

    RawCrypto() {
        try {
            aes = Cipher.getInstance("AES/CBC/PKCS5Padding");
            hmac = Mac.getInstance(HMAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has them", e);
        }
    }

    /** Both halves of a key. */
    record Keys(Key encryption, Key authentication) {

        static Keys of(byte[] key) {
            return new Keys(new SecretKeySpec(key, 0, HALF, "AES"), new SecretKeySpec(key, HALF, HALF, HMAC));
        }
    }

    /** What encrypting costs: AES, and HMAC over the result. */
    byte[] seal(Keys keys, byte[] plain) throws GeneralSecurityException {
        aes.init(Cipher.ENCRYPT_MODE, keys.encryption(), IV);
        byte[] ciphertext = aes.doFinal(plain);
        code(keys, ciphertext);
        return ciphertext;
    }

    /** What decrypting costs: HMAC over the ciphertext, and AES. */
    byte[] open(Keys keys, byte[] ciphertext) throws GeneralSecurityException {
        code(keys, ciphertext);
        aes.init(Cipher.DECRYPT_MODE, keys.encryption(), IV);
        return aes.doFinal(ciphertext);
    }

    private byte[] code(Keys keys, byte[] ciphertext) throws GeneralSecurityException {
        hmac.init(keys.authentication());
        hmac.update(IV.getIV());
        return hmac.doFinal(ciphertext);
    }
}

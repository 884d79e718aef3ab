package io.vaultferry.bitwarden.crypto.hazmat;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/** AES-256-CBC with nothing that proves the ciphertext genuine. Decryption only, of what is as old as that. */
public final class UnauthenticatedAesCbc {
    private UnauthenticatedAesCbc() {}

    public static byte[] decrypt(RawKey key, byte[] iv, byte[] ciphertext) throws RejectedException {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(iv));
            return cipher.doFinal(ciphertext);
        } catch (GeneralSecurityException e) {
            throw new RejectedException();
        }
    }
}

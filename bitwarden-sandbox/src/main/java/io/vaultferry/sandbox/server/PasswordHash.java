package io.vaultferry.sandbox.server;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of the master password hash that a client sends: hashed once more with a salt, as the real servers do,
 * though with few rounds, because this server holds test data and must be quick.
 */
record PasswordHash(String salt, String hash) {

    private static final int ROUNDS = 1_000;

    static PasswordHash of(String masterPasswordHash) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        String encodedSalt = Base64.getEncoder().encodeToString(salt);
        return new PasswordHash(encodedSalt, derive(encodedSalt, masterPasswordHash));
    }

    boolean matches(String masterPasswordHash) {
        return MessageDigest.isEqual(
                Base64.getDecoder().decode(hash), Base64.getDecoder().decode(derive(salt, masterPasswordHash)));
    }

    @Override
    public String toString() {
        return "PasswordHash[...]";
    }

    private static String derive(String salt, String secret) {
        if (secret.isEmpty()) {
            return "";
        }
        try {
            PBEKeySpec spec =
                    new PBEKeySpec(secret.toCharArray(), Base64.getDecoder().decode(salt), ROUNDS, 256);
            byte[] derived = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            return Base64.getEncoder().encodeToString(derived);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2", e);
        }
    }
}

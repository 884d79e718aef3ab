package io.vaultferry.sandbox;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An authenticator, written independently of the one in the server: base 32 by way of one big number. */
final class TestTotp {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private TestTotp() {}

    static String code(String secret, Instant now) {
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < secret.length(); i++) {
            number = number.shiftLeft(5).or(BigInteger.valueOf(ALPHABET.indexOf(secret.charAt(i))));
        }
        byte[] signed = number.toByteArray();
        byte[] key = new byte[secret.length() * 5 / 8];
        System.arraycopy(
                signed,
                Math.max(0, signed.length - key.length),
                key,
                Math.max(0, key.length - signed.length),
                Math.min(signed.length, key.length));
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key, "HmacSHA1"));
            byte[] hash = mac.doFinal(
                    ByteBuffer.allocate(8).putLong(now.getEpochSecond() / 30).array());
            int at = hash[19] & 15;
            int value = (ByteBuffer.wrap(hash).getInt(at) & Integer.MAX_VALUE) % 1_000_000;
            return String.format(Locale.ROOT, "%06d", value);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}

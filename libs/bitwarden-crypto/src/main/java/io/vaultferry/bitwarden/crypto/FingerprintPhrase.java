package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.HmacSha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;

/**
 * Five words that stand for a user's public key, for people to compare by voice. The same as the official clients show.
 * Source: {@code fingerprint.rs} in bitwarden/sdk-internal.
 */
public final class FingerprintPhrase {
    /** So many words of that list carry at least 64 bits. */
    private static final int WORDS = 5;

    private static final List<String> WORD_LIST = wordList();

    private FingerprintPhrase() {}

    /**
     * @param userId exactly as the server writes it, which is lower-case with dashes
     */
    public static String of(String userId, PublicKey key) {
        byte[] hash = HmacSha256.expand(key.encoded(), userId.getBytes(StandardCharsets.UTF_8), 32);
        BigInteger size = BigInteger.valueOf(WORD_LIST.size());
        BigInteger rest = new BigInteger(1, hash);
        StringJoiner phrase = new StringJoiner("-");
        for (int i = 0; i < WORDS; i++) {
            BigInteger[] quotientAndRemainder = rest.divideAndRemainder(size);
            phrase.add(WORD_LIST.get(quotientAndRemainder[1].intValueExact()));
            rest = quotientAndRemainder[0];
        }
        return phrase.toString();
    }

    static List<String> wordList() {
        try (InputStream list = FingerprintPhrase.class.getResourceAsStream("eff_large_wordlist.txt")) {
            if (list == null) {
                throw new IllegalStateException("The word list is missing from the jar.");
            }
            return new String(list.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

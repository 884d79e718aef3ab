package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.AesCbcHmac;
import io.vaultferry.bitwarden.crypto.hazmat.Sealed;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * An encrypted string as servers store it: {@code type.part|part|part}, the parts in standard base64 with padding.
 *
 * <pre>
 * 0      iv | ciphertext              also without "0."
 * 1, 2   iv | ciphertext | mac        type 1 also without "1."
 * 3, 4   ciphertext
 * 5, 6   ciphertext | mac
 * 7      COSE message
 * </pre>
 *
 * <p>Parsing checks the form only, of types 0 to 7; what may be decrypted is for the key to say. The text is kept exactly
 * as it came and is never normalized. Immutable; equal when the texts are equal. Source: {@code enc_string} in
 * bitwarden/sdk-internal and {@code EncryptedStringAttribute} in bitwarden/server.
 */
public final class EncString {
    private static final int RSA_2048_LENGTH = 256;
    /** Shorter base64 behind a number and a dot is more likely to be a version or an amount of money. */
    private static final int LEAST_UNMISTAKABLE_LENGTH = 64;

    private static final boolean[] BASE64 = new boolean[128];

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                .chars()
                .forEach(c -> BASE64[c] = true);
    }

    private final EncryptionType type;
    private final String text;
    private final String[] parts;

    private EncString(EncryptionType type, String text, String[] parts) {
        this.type = type;
        this.text = text;
        this.parts = parts;
    }

    /**
     * @throws InvalidEncStringException the text does not have the form of an encrypted string
     * @throws UnsupportedEncryptionException it has, but with a type that is not known
     */
    public static EncString parse(String text) {
        if (text.isBlank()) {
            throw new InvalidEncStringException("An encrypted string is empty.");
        }
        int dot = text.indexOf('.');
        if (dot >= 0 && text.indexOf('.', dot + 1) >= 0) {
            throw new InvalidEncStringException("An encrypted string has more than one type.");
        }
        String[] parts = text.substring(dot + 1).split("\\|", -1);
        EncryptionType type;
        if (dot >= 0) {
            type = typeOf(text.substring(0, dot));
        } else {
            type = parts.length == 3 ? EncryptionType.AES_128_CBC_HMAC_SHA256 : EncryptionType.AES_256_CBC;
        }
        EncString parsed = new EncString(type, text, parts);
        parsed.requireParts();
        return parsed;
    }

    /** Null, empty and blank mean "no value" on the wire. */
    public static Optional<EncString> parseOptional(String textOrNull) {
        return textOrNull == null || textOrNull.isBlank() ? Optional.empty() : Optional.of(parse(textOrNull));
    }

    /**
     * Whether a text of unknown meaning is to be taken for an encrypted string: a number, a dot, and base64 that either
     * has several parts or is long. Says yes to types that are not known and to damaged strings too, so that they are
     * refused later instead of being carried over unreadable.
     */
    public static boolean looksLikeEncString(String text) {
        int dot = text.indexOf('.');
        if (dot < 1 || dot > 3 || dot == text.length() - 1) {
            return false;
        }
        for (int i = 0; i < dot; i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        boolean severalParts = false;
        int start = dot + 1;
        for (int i = start; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '|') {
                if (decodedLength(text, start, i) < 1) {
                    return false;
                }
                severalParts |= i < text.length();
                start = i + 1;
            }
        }
        return severalParts || text.length() - dot > LEAST_UNMISTAKABLE_LENGTH;
    }

    public EncryptionType type() {
        return type;
    }

    /** Exactly what was parsed. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncString that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "EncString[type " + type.code() + "]";
    }

    /** Type 2 of a ciphertext. */
    static EncString of(Sealed sealed) {
        Base64.Encoder encoder = Base64.getEncoder();
        String[] parts = {
            encoder.encodeToString(sealed.iv()),
            encoder.encodeToString(sealed.ciphertext()),
            encoder.encodeToString(sealed.mac())
        };
        String text = "2." + parts[0] + "|" + parts[1] + "|" + parts[2];
        return new EncString(EncryptionType.AES_256_CBC_HMAC_SHA256, text, parts);
    }

    /** Type 4 of a ciphertext. */
    static EncString ofRsa(byte[] ciphertext) {
        String part = Base64.getEncoder().encodeToString(ciphertext);
        return new EncString(EncryptionType.RSA_2048_OAEP_SHA1, "4." + part, new String[] {part});
    }

    /** The parts of type 2. */
    Sealed sealed() {
        return new Sealed(part(0), part(1), part(2));
    }

    byte[] part(int index) {
        return Base64.getDecoder().decode(parts[index].getBytes(StandardCharsets.ISO_8859_1));
    }

    private void requireParts() {
        int[] lengths = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            lengths[i] = decodedLength(parts[i], 0, parts[i].length());
        }
        switch (type) {
            case AES_256_CBC -> {
                requireCount(2);
                requireIvAndCiphertext(lengths);
            }
            case AES_128_CBC_HMAC_SHA256, AES_256_CBC_HMAC_SHA256 -> {
                requireCount(3);
                requireIvAndCiphertext(lengths);
                requireLength(lengths[2], AesCbcHmac.MAC_LENGTH, "MAC");
            }
            case RSA_2048_OAEP_SHA256, RSA_2048_OAEP_SHA1 -> {
                requireCount(1);
                requireLength(lengths[0], RSA_2048_LENGTH, "ciphertext");
            }
            case RSA_2048_OAEP_SHA256_HMAC_SHA256, RSA_2048_OAEP_SHA1_HMAC_SHA256 -> {
                requireCount(2);
                requireLength(lengths[0], RSA_2048_LENGTH, "ciphertext");
                requireLength(lengths[1], AesCbcHmac.MAC_LENGTH, "MAC");
            }
            case COSE_ENCRYPT0 -> {
                requireCount(1);
                if (lengths[0] < 1) {
                    throw wrongPart("COSE message");
                }
            }
        }
    }

    private void requireCount(int count) {
        if (parts.length != count) {
            throw new InvalidEncStringException(
                    "An encrypted string of type " + type.code() + " does not have " + count + " part(s).");
        }
    }

    private void requireIvAndCiphertext(int[] lengths) {
        requireLength(lengths[0], AesCbcHmac.IV_LENGTH, "IV");
        if (lengths[1] < 1 || lengths[1] % AesCbcHmac.BLOCK != 0) {
            throw wrongPart("ciphertext");
        }
    }

    private void requireLength(int length, int expected, String what) {
        if (length != expected) {
            throw wrongPart(what);
        }
    }

    private InvalidEncStringException wrongPart(String what) {
        return new InvalidEncStringException("The " + what + " of an encrypted string of type " + type.code()
                + " is not base64 or does not have the right length.");
    }

    private static EncryptionType typeOf(String header) {
        boolean number = !header.isEmpty() && header.length() <= 3;
        for (int i = 0; number && i < header.length(); i++) {
            number = isDigit(header.charAt(i));
        }
        if (!number) {
            throw new InvalidEncStringException("An encrypted string does not begin with a type.");
        }
        return EncryptionType.ofCode(Integer.parseInt(header));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Answers -1 when that part of the text is not base64 with padding. The JDK's decoder would forgive too much. */
    private static int decodedLength(String text, int from, int to) {
        int length = to - from;
        if (length % 4 != 0) {
            return -1;
        }
        int padding = 0;
        while (padding < 2 && padding < length && text.charAt(to - 1 - padding) == '=') {
            padding++;
        }
        for (int i = from; i < to - padding; i++) {
            char c = text.charAt(i);
            if (c >= BASE64.length || !BASE64[c]) {
                return -1;
            }
        }
        return length / 4 * 3 - padding;
    }
}

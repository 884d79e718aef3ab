package io.vaultferry.bitwarden.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Properties;

/** The published values in {@code known-answers.properties}. */
final class KnownAnswers {
    private static final Properties ANSWERS = load();

    private KnownAnswers() {}

    static String text(String name) {
        String value = ANSWERS.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException(name);
        }
        return value;
    }

    static byte[] bytes(String name) {
        return Base64.getDecoder().decode(text(name));
    }

    static EncString encString(String name) {
        return EncString.parse(text(name));
    }

    static SymmetricKey key(String name) {
        return SymmetricKey.takeOwnershipOf(bytes(name));
    }

    static byte[] bytesOf(SymmetricKey key) {
        return key.reveal(RevealKeyBytes.iKnowThatThisExposesKeyMaterial());
    }

    /** The key 00, 01 ... 3f. */
    static SymmetricKey countingKey() {
        byte[] bytes = new byte[SymmetricKey.LENGTH];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return SymmetricKey.takeOwnershipOf(bytes);
    }

    private static Properties load() {
        try (InputStream in = KnownAnswers.class.getResourceAsStream("known-answers.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

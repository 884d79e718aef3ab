package io.vaultferry.bitwarden.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.bitwarden.crypto.hazmat.RawKey;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @Nested
    class Redaction {
        @Test
        void noSecretIsShownByToString() {
            try (SymmetricKey key = KnownAnswers.countingKey();
                    PrivateKey privateKey = KeyPair.make().privateKey();
                    MasterKey masterKey = MasterKey.derive(new Kdf.Pbkdf2(5_000), "p".toCharArray(), "s")) {
                assertThat(key).hasToString("SymmetricKey[redacted]");
                assertThat(privateKey).hasToString("PrivateKey[redacted]");
                assertThat(masterKey).hasToString("MasterKey[redacted]");
                assertThat(key.raw()).hasToString("AesCbcHmacKey[redacted]");
                assertThat(new KeyPair(privateKey.publicKey(), privateKey).toString())
                        .contains("PrivateKey[redacted]");
            }
        }

        @Test
        void keysHaveNoEqualityOverTheirBytes() {
            try (SymmetricKey one = KnownAnswers.countingKey();
                    SymmetricKey other = KnownAnswers.countingKey()) {
                assertThat(one).isNotEqualTo(other);
                assertThat(one.sameAs(other)).isTrue();
            }
        }

        @Test
        void rawKeyIsNotSerialized() {
            RawKey raw = RawKey.owning(new byte[32]);
            assertThatThrownBy(() -> {
                        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
                            out.writeObject(raw);
                        }
                    })
                    .isInstanceOf(NotSerializableException.class);
        }
    }

    @Nested
    class Comparison {
        @ParameterizedTest
        @ValueSource(ints = {0, 31, 32, 63})
        void keysThatDifferInOneByteAreNotTheSame(int position) {
            byte[] bytes = new byte[SymmetricKey.LENGTH];
            bytes[position] = 1;
            try (SymmetricKey zeros = SymmetricKey.takeOwnershipOf(new byte[SymmetricKey.LENGTH]);
                    SymmetricKey other = SymmetricKey.takeOwnershipOf(bytes)) {
                assertThat(zeros.sameAs(other)).isFalse();
            }
        }

        @Test
        void newKeysDiffer() {
            try (SymmetricKey one = SymmetricKey.make();
                    SymmetricKey other = SymmetricKey.make()) {
                assertThat(one.sameAs(other)).isFalse();
            }
        }

        @Test
        void keyedHashDependsOnTheKeyAndOnWhereThePartsEnd() {
            try (SymmetricKey one = SymmetricKey.make();
                    SymmetricKey copy = one.copy();
                    SymmetricKey other = SymmetricKey.make()) {
                byte[] hash = one.keyedHash("ab".getBytes(UTF_8), "c".getBytes(UTF_8));
                assertThat(hash).hasSize(32).isEqualTo(copy.keyedHash("ab".getBytes(UTF_8), "c".getBytes(UTF_8)));
                assertThat(hash).isNotEqualTo(one.keyedHash("a".getBytes(UTF_8), "bc".getBytes(UTF_8)));
                assertThat(hash).isNotEqualTo(one.keyedHash("abc".getBytes(UTF_8)));
                assertThat(hash).isNotEqualTo(other.keyedHash("ab".getBytes(UTF_8), "c".getBytes(UTF_8)));
            }
        }
    }

    @Nested
    class Destruction {
        @Test
        void closedKeyRefusesEveryUse() {
            SymmetricKey key = SymmetricKey.make();
            EncString encrypted = key.encryptText("x");
            SymmetricKey other = SymmetricKey.make();
            key.close();
            key.close();

            assertThat(key.isDestroyed()).isTrue();
            for (Runnable use : List.<Runnable>of(
                    () -> key.encryptText("x"),
                    () -> key.decrypt(encrypted),
                    key::copy,
                    () -> key.sameAs(other),
                    () -> key.keyedHash(new byte[1]),
                    () -> key.wrap(other),
                    () -> other.wrap(key),
                    () -> key.reveal(RevealKeyBytes.iKnowThatThisExposesKeyMaterial()))) {
                assertThatThrownBy(use::run).isInstanceOf(IllegalStateException.class);
            }
            assertThat(other.isDestroyed()).isFalse();
            other.close();
        }

        @Test
        void closingACopyLeavesTheOriginal() {
            try (SymmetricKey key = SymmetricKey.make()) {
                EncString encrypted = key.encryptText("x");
                key.copy().close();
                assertThat(key.decryptText(encrypted)).isEqualTo("x");
            }
        }

        @Test
        void closedPrivateKeyAndMasterKeyRefuseEveryUse() {
            KeyPair pair = KeyPair.make();
            EncString wrapped;
            try (SymmetricKey key = SymmetricKey.make()) {
                wrapped = pair.publicKey().wrap(key);
            }
            pair.privateKey().close();
            assertThat(pair.privateKey().isDestroyed()).isTrue();
            assertThatThrownBy(() -> pair.privateKey().unwrap(wrapped)).isInstanceOf(IllegalStateException.class);

            MasterKey masterKey = MasterKey.derive(new Kdf.Pbkdf2(5_000), "p".toCharArray(), "s");
            masterKey.close();
            assertThat(masterKey.isDestroyed()).isTrue();
            assertThatThrownBy(() -> masterKey.authenticationHash("p".toCharArray()))
                    .isInstanceOf(IllegalStateException.class);
        }

        @Test
        void arrayThatWasGivenAwayIsWiped() {
            byte[] given = HexFormat.of().parseHex("ab".repeat(64));
            byte[] lent = given.clone();
            SymmetricKey.takeOwnershipOf(given).close();
            SymmetricKey.takeCopyOf(lent).close();
            assertThat(given).containsOnly(0);
            assertThat(lent).containsOnly(0xab);
        }

        @Test
        void wipedKeyHoldsZeros() {
            byte[] held = HexFormat.of().parseHex("ab".repeat(32));
            RawKey.owning(held).destroy();
            assertThat(held).containsOnly(0);
        }
    }

    @Nested
    class InvalidKeys {
        @ParameterizedTest
        @ValueSource(ints = {0, 16, 32, 63, 65})
        void wrongLengthIsRefusedAndWiped(int length) {
            byte[] bytes = new byte[length];
            Arrays.fill(bytes, (byte) 7);
            assertThatThrownBy(() -> SymmetricKey.takeOwnershipOf(bytes)).isInstanceOf(InvalidKeyException.class);
            assertThat(bytes).isEqualTo(new byte[length]);
        }

        @Test
        void wrappedValueThatIsNoKeyIsRefused() {
            try (SymmetricKey key = SymmetricKey.make()) {
                assertThatThrownBy(() -> key.unwrap(key.encrypt(new byte[32]))).isInstanceOf(InvalidKeyException.class);
                assertThatThrownBy(() -> key.unwrapPrivateKey(key.encrypt(new byte[32])))
                        .isInstanceOf(InvalidKeyException.class);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "!", "AAAA", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"})
        void textThatIsNoPublicKeyIsRefused(String text) {
            assertThatThrownBy(() -> PublicKey.fromBase64(text)).isInstanceOf(InvalidKeyException.class);
        }

        // openssl genrsa 1024 | openssl rsa -pubout -outform DER
        @Test
        void publicKeyOfAnotherSizeIsRefused() {
            assertThatThrownBy(() -> PublicKey.fromBase64(SHORT_RSA_KEY)).isInstanceOf(InvalidKeyException.class);
        }

        private static final String SHORT_RSA_KEY =
                "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDG1/GT0skPEk1D3BpAzGgct8IECcAaOQR5f2Jb+iA0vXiLv+ht7wlOHd8VeMGQ"
                        + "xrnJsl21WRY/QORuLV8V7HD0BDHXsksC7AhY0y1mNzJjOPEWFBF77mus28evPP15Ps3cEmw10raYKtKtFOCVK6tBOU93uBBAm7wiDvfm/sMO4QIDAQAB";
    }

    @Nested
    class KeyDerivationSettings {
        @Test
        void belowWhatIsSafeOrAboveWhatIsSaneAreRefused() {
            for (Runnable settings : List.<Runnable>of(
                    () -> new Kdf.Pbkdf2(4_999),
                    () -> new Kdf.Pbkdf2(0),
                    () -> new Kdf.Pbkdf2(-1),
                    () -> new Kdf.Pbkdf2(2_000_001),
                    () -> new Kdf.Argon2id(1, 64, 4),
                    () -> new Kdf.Argon2id(11, 64, 4),
                    () -> new Kdf.Argon2id(3, 15, 4),
                    () -> new Kdf.Argon2id(3, 1025, 4),
                    () -> new Kdf.Argon2id(3, 64, 0),
                    () -> new Kdf.Argon2id(3, 64, 17))) {
                assertThatThrownBy(settings::run).isInstanceOf(InvalidKeyException.class);
            }
        }

        @Test
        void ofOldAccountsAreAcceptedAndNamedWeak() {
            assertThat(new Kdf.Pbkdf2(100_000).isBelowTodaysMinimum()).isTrue();
            assertThat(new Kdf.Pbkdf2(600_000).isBelowTodaysMinimum()).isFalse();
            assertThat(new Kdf.Argon2id(3, 64, 4).isBelowTodaysMinimum()).isFalse();
        }

        @Test
        void blankSaltIsRefused() {
            assertThatThrownBy(() -> MasterKey.derive(new Kdf.Pbkdf2(5_000), "p".toCharArray(), " "))
                    .isInstanceOf(InvalidKeyException.class);
        }
    }

    @Test
    void wrongPasswordIsNoticedWhenTheUserKeyIsUnwrapped() {
        try (MasterKey right = MasterKey.derive(new Kdf.Pbkdf2(5_000), "right".toCharArray(), "a@b.example");
                MasterKey wrong = MasterKey.derive(new Kdf.Pbkdf2(5_000), "wrong".toCharArray(), "a@b.example");
                SymmetricKey userKey = SymmetricKey.make()) {
            EncString wrapped = right.wrapUserKey(userKey);
            assertThatThrownBy(() -> wrong.unwrapUserKey(wrapped)).isInstanceOf(DecryptionFailedException.class);
            try (SymmetricKey unwrapped = right.unwrapUserKey(wrapped)) {
                assertThat(unwrapped.sameAs(userKey)).isTrue();
            }
        }
    }
}

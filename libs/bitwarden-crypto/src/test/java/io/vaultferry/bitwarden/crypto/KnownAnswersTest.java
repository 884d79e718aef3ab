package io.vaultferry.bitwarden.crypto;

import static io.vaultferry.bitwarden.crypto.KnownAnswers.bytes;
import static io.vaultferry.bitwarden.crypto.KnownAnswers.bytesOf;
import static io.vaultferry.bitwarden.crypto.KnownAnswers.encString;
import static io.vaultferry.bitwarden.crypto.KnownAnswers.key;
import static io.vaultferry.bitwarden.crypto.KnownAnswers.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.assertj.core.api.AbstractByteArrayAssert;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the public test suites of the official clients say; must never break. */
class KnownAnswersTest {
    @Nested
    class MasterPassword {
        // bitwarden/sdk-internal core master_password.rs
        @ParameterizedTest
        @ValueSource(strings = {"test@bitwarden.com", "TEST@bitwarden.com", " test@bitwarden.com"})
        void hashIsThatOfTheTrimmedLowerCasedSalt(String salt) {
            assertThat(authenticationHash(new Kdf.Pbkdf2(100_000), "asdfasdf", salt))
                    .isEqualTo("wmyadRMyBZOH7P/a/ucTCbSghKgdzDpPqUnu/DAVtSw=");
        }

        // bitwarden/sdk-internal core master_password.rs
        @Test
        void hashOfSixHundredThousandRoundsIsRight() {
            assertThat(authenticationHash(new Kdf.Pbkdf2(600_000), "test_password", "test@example.com"))
                    .isEqualTo("Lyry95vlXEJ5FE0EXjeR9zgcsFSU0qGhP9l5X2jwE38=");
        }

        // bitwarden/sdk-internal keys/master_key.rs
        @Test
        void hashWithArgon2idIsRight() {
            assertThat(authenticationHash(new Kdf.Argon2id(4, 32, 2), "asdfasdf", "test_salt"))
                    .isEqualTo("PR6UjYmjmppTYcdyTiNbAhPJuQQOmynKbdEl1oyi/iQ=");
        }

        // bitwarden/sdk-internal keys/utils.rs
        @Test
        void stretchingIsRight() {
            try (MasterKey masterKey =
                            MasterKey.derive(new Kdf.Pbkdf2(10_000), "67t9b5g67$%Dh89n".toCharArray(), "test_key");
                    SymmetricKey stretched = masterKey.stretch()) {
                assertThat(HexFormat.of().formatHex(bytesOf(stretched)))
                        .isEqualTo("6f1fb22dee9825728fd77c5387adc3178e8678f93d84a3b671c5bdccbc15ed60"
                                + "dd7fceea651bca265634221c4e1cb910303d7fa6d1f7c257e81a3055c1f9b39b");
            }
        }

        private static String authenticationHash(Kdf kdf, String password, String salt) {
            try (MasterKey masterKey = MasterKey.derive(kdf, password.toCharArray(), salt)) {
                return masterKey.authenticationHash(password.toCharArray());
            }
        }
    }

    @Nested
    class EncryptedStrings {
        // bitwarden/sdk-internal enc_string/symmetric.rs
        @Test
        void type2IsDecrypted() {
            try (SymmetricKey key = KnownAnswers.countingKey()) {
                assertThat(key.decryptText(EncString.parse("2.2NokAMS6llUxk26oueMqrA==|6k0QD71SJLy2WEBDkV4esiTrgkP/"
                                + "z7eoSedSesGLGYE=|PE4sb0jpAwZW+tnyPuW43eeWvSxjvdw3xMJlPGbDlYI=")))
                        .isEqualTo("Bitwarden SDK test vector");
            }
        }

        // bitwarden/sdk-internal enc_string/symmetric.rs
        @Test
        void partsOfTheTextStandInTheOrderIvCiphertextMac() {
            EncString parsed = EncString.parse("2.pMS6/icTQABtulw52pq2lg==|XXbxKxDTh+mWiN1HjH2N1w==|"
                    + "Q6PkuT+KX/axrgN9ubD5Ajk2YNwxQkgs3WJM0S0wtG8=");
            assertThat(parsed.sealed().iv()).isEqualTo(Base64.getDecoder().decode("pMS6/icTQABtulw52pq2lg=="));
            assertThat(parsed.sealed().ciphertext())
                    .isEqualTo(Base64.getDecoder().decode("XXbxKxDTh+mWiN1HjH2N1w=="));
            assertThat(parsed.sealed().mac())
                    .isEqualTo(Base64.getDecoder().decode("Q6PkuT+KX/axrgN9ubD5Ajk2YNwxQkgs3WJM0S0wtG8="));
        }
    }

    @Nested
    class ARealAccount {
        private static final String EMAIL = "test@bitwarden.com";
        private static final char[] PASSWORD = "asdfasdfasdf".toCharArray();

        @Test
        void opensFromThePasswordDownToTheOrganizationsItems() throws NoSuchAlgorithmException {
            try (MasterKey masterKey = MasterKey.derive(new Kdf.Pbkdf2(600_000), PASSWORD, EMAIL);
                    SymmetricKey userKey = masterKey.unwrapUserKey(encString("account.wrappedUserKey"));
                    PrivateKey privateKey = userKey.unwrapPrivateKey(encString("account.wrappedPrivateKey"));
                    SymmetricKey organizationKey = privateKey.unwrap(encString("account.wrappedOrganizationKey"));
                    PrivateKey organizationPrivateKey =
                            organizationKey.unwrapPrivateKey(encString("account.wrappedOrganizationPrivateKey"))) {
                assertThat(masterKey.authenticationHash(PASSWORD)).isEqualTo(text("account.serverHash"));
                assertThat(bytesOf(userKey)).isEqualTo(bytes("account.userKey"));
                byte[] pkcs8 = privateKey.reveal(RevealKeyBytes.iKnowThatThisExposesKeyMaterial());
                assertThat(pkcs8).hasSize(1219);
                assertThat(HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(pkcs8)))
                        .isEqualTo("40e0760c94f066359c5d664c162a12765db8a25d57fe928da4a2f290c67ff8d4");
                assertThat(bytesOf(organizationKey)).isEqualTo(bytes("account.organizationKey"));
                assertThat(organizationPrivateKey.publicKey().base64())
                        .isEqualTo(text("account.organizationPublicKey"));
                assertThat(organizationKey.decryptText(encString("account.collectionName")))
                        .isEqualTo("Default collection");
                assertThat(organizationKey.decryptText(encString("account.itemName")))
                        .isEqualTo("Test item");
                assertThat(organizationKey.decryptText(encString("account.username")))
                        .isEqualTo("user");
                assertThat(organizationKey.decryptText(encString("account.password")))
                        .isEqualTo("pass123");
            }
        }

        @Test
        void ofTheOldestKindOpensOnlyWhenAskedForExplicitly() {
            try (MasterKey masterKey = MasterKey.derive(new Kdf.Pbkdf2(600_000), PASSWORD, "legacy@bitwarden.com")) {
                EncString wrapped = encString("legacy.wrappedUserKey");
                assertThatThrownBy(() -> masterKey.unwrapUserKey(wrapped))
                        .isInstanceOf(UnsupportedEncryptionException.class)
                        .hasMessageContaining("without a MAC");
                try (SymmetricKey userKey = masterKey.unwrapLegacyUserKey(wrapped)) {
                    assertThat(bytesOf(userKey)).isEqualTo(bytes("legacy.userKey"));
                }
            }
        }
    }

    @Nested
    class Rsa {
        @ParameterizedTest
        @ValueSource(strings = {"rsa.type3", "rsa.type4"})
        void wrappedKeyIsUnwrapped(String name) {
            try (PrivateKey privateKey = PrivateKey.takeOwnershipOf(bytes("rsa.privateKey"));
                    SymmetricKey key = privateKey.unwrap(encString(name))) {
                assertThat(bytesOf(key)).isEqualTo(bytes("rsa.wrappedKey"));
            }
        }

        @ParameterizedTest
        @CsvSource({"5, rsa.type3", "6, rsa.type4"})
        void obsoleteFormsWithAMacAreUnwrappedToo(int type, String name) {
            String mac = Base64.getEncoder().encodeToString(new byte[32]);
            EncString wrapped = EncString.parse(type + text(name).substring(1) + "|" + mac);
            try (PrivateKey privateKey = PrivateKey.takeOwnershipOf(bytes("rsa.privateKey"));
                    SymmetricKey key = privateKey.unwrap(wrapped)) {
                assertThat(bytesOf(key)).isEqualTo(bytes("rsa.wrappedKey"));
            }
        }
    }

    @Nested
    class Attachments {
        @Test
        void ofTheThirdGenerationOpensUnderTheItemsKey() throws IOException {
            try (SymmetricKey userKey = key("attachment.userKey");
                    SymmetricKey itemKey = userKey.unwrap(encString("attachment.itemKey"));
                    SymmetricKey fileKey = itemKey.unwrap(encString("attachment.key"))) {
                assertThat(bytesOf(itemKey)).isEqualTo(bytes("attachment.itemKeyBytes"));
                assertThat(itemKey.decryptText(encString("attachment.itemName")))
                        .isEqualTo("Bruce Wayne");
                assertThatThrownBy(() -> userKey.decryptText(encString("attachment.itemName")))
                        .isInstanceOf(DecryptionFailedException.class);
                assertThat(bytesOf(fileKey)).isEqualTo(bytes("attachment.keyBytes"));
                assertThat(bytes("attachment.contents")).hasSize(161);
                assertThatContents("attachment.contents", fileKey).isEqualTo(bytes("attachment.plaintext"));
            }
        }

        @Test
        void ofTheFirstGenerationOpensUnderTheOwnersKeyEvenIfTheItemHasAKey() throws IOException {
            try (SymmetricKey userKey = key("attachment.userKey")) {
                assertThatContents("attachment.contentsUnderUserKey", userKey).isEqualTo(bytes("attachment.plaintext"));
            }
        }

        @Test
        void ofAnItemWithoutAKeyOpens() throws IOException {
            try (SymmetricKey userKey = key("account.userKey");
                    SymmetricKey fileKey = userKey.unwrap(encString("attachment.secondGenerationKey"))) {
                assertThatContents("attachment.firstGeneration", userKey).isEqualTo("Hello".getBytes(UTF_8));
                assertThatContents("attachment.secondGeneration", fileKey).isEqualTo("Hello".getBytes(UTF_8));
                assertThat(userKey.decryptText(encString("attachment.fileName")))
                        .isEqualTo("h.txt");
            }
        }

        @Test
        void thatTheOfficialClientStreamedOpens() throws IOException {
            byte[] keyBytes = new byte[64];
            Arrays.fill(keyBytes, 32, 64, (byte) 1);
            byte[] rest = bytes("attachment.streamed");
            byte[] contents = new byte[rest.length + 1];
            contents[0] = 2;
            System.arraycopy(rest, 0, contents, 1, rest.length);
            try (SymmetricKey key = SymmetricKey.takeOwnershipOf(keyBytes)) {
                assertThat(AttachmentCrypto.decrypt(contents, key))
                        .isEqualTo(("This is a test vector text for streaming encryption. "
                                        + "It is long enough to require multiple CBC blocks.")
                                .getBytes(US_ASCII));
            }
        }

        private static AbstractByteArrayAssert<?> assertThatContents(String name, SymmetricKey key) throws IOException {
            byte[] encrypted = bytes(name);
            byte[] plaintext = AttachmentCrypto.decrypt(encrypted, key);
            try (InputStream streamed =
                    AttachmentCrypto.decryptUntrusted(new ByteArrayInputStream(encrypted), encrypted.length, key)) {
                assertThat(streamed.readAllBytes()).isEqualTo(plaintext);
            }
            return assertThat(plaintext);
        }
    }

    @Nested
    class EncryptionV2 {
        @ParameterizedTest
        @ValueSource(strings = {"v2.encString.1", "v2.encString.2", "v2.encString.3"})
        void encryptedStringIsParsedAndRefusedWithTheReason(String name) {
            EncString parsed = encString(name);
            assertThat(parsed.type()).isEqualTo(EncryptionType.COSE_ENCRYPT0);
            try (SymmetricKey key = SymmetricKey.make()) {
                assertThatThrownBy(() -> key.decrypt(parsed))
                        .isInstanceOf(UnsupportedEncryptionException.class)
                        .hasMessageContaining("encryption V2");
            }
        }

        @Test
        void userKeyIsRecognizedAndRefusedWithTheReason() {
            try (SymmetricKey outer = SymmetricKey.make()) {
                EncString wrapped = outer.encrypt(bytes("v2.userKey"));
                assertThatThrownBy(() -> outer.unwrap(wrapped))
                        .isInstanceOf(UnsupportedEncryptionException.class)
                        .hasMessageContaining("encryption V2");
            }
        }
    }

    @Test
    void fingerprintPhraseIsRight() {
        PublicKey publicKey = PublicKey.fromBase64(text("fingerprint.publicKey"));
        assertThat(FingerprintPhrase.of("a09726a0-9590-49d1-a5f5-afe300b6a515", publicKey))
                .isEqualTo("turban-deftly-anime-chatroom-unselfish");
    }
}

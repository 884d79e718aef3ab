package io.vaultferry.bitwarden.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncStringTest {
    private static final String IV = base64(16);
    private static final String CIPHERTEXT = base64(32);
    private static final String MAC = base64(32);
    private static final String RSA = base64(256);

    @Nested
    class Parsing {
        @ParameterizedTest
        @EnumSource
        void everyTypeIsParsedAndKeptExactly(EncryptionType type) {
            String text = aTextOf(type);
            EncString parsed = EncString.parse(text);
            assertThat(parsed.type()).isEqualTo(type);
            assertThat(parsed.text()).isEqualTo(text);
        }

        @Test
        void withoutATypeTwoPartsMeanType0() {
            assertThat(EncString.parse(IV + "|" + CIPHERTEXT).type()).isEqualTo(EncryptionType.AES_256_CBC);
        }

        @Test
        void withoutATypeThreePartsMeanType1() {
            assertThat(EncString.parse(IV + "|" + CIPHERTEXT + "|" + MAC).type())
                    .isEqualTo(EncryptionType.AES_128_CBC_HMAC_SHA256);
        }

        @Test
        void trailingBitsThatAreNotZeroAreKept() {
            // The last character before the padding carries four bits that decode to nothing.
            String sloppyIv = "AAAAAAAAAAAAAAAAAAAAAB==";
            String text = "2." + sloppyIv + "|" + CIPHERTEXT + "|" + MAC;
            EncString parsed = EncString.parse(text);
            assertThat(parsed.text()).isEqualTo(text);
            assertThat(parsed.sealed().iv()).hasSize(16);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    ".",
                    "2.",
                    "2",
                    "hello",
                    "2.a|b",
                    "2.|||",
                    "2.a|b|c",
                    "two.AAAA",
                    "-2.AAAA",
                    "2.2.AAAA",
                    "|",
                    "||",
                    "AesCbc256_HmacSha256_B64.AAAA",
                    "\u0662.AAAA"
                })
        void otherTextIsRefused(String text) {
            assertThatThrownBy(() -> EncString.parse(text)).isInstanceOf(InvalidEncStringException.class);
        }

        @Test
        void partOfWrongLengthIsRefused() {
            assertThatInvalid("2." + base64(15) + "|" + CIPHERTEXT + "|" + MAC);
            assertThatInvalid("2." + base64(17) + "|" + CIPHERTEXT + "|" + MAC);
            assertThatInvalid("2." + IV + "||" + MAC);
            assertThatInvalid("2." + IV + "|" + base64(15) + "|" + MAC);
            assertThatInvalid("2." + IV + "|" + CIPHERTEXT + "|" + base64(31));
            assertThatInvalid("0." + IV + "|" + base64(17));
            assertThatInvalid("4." + base64(255));
            assertThatInvalid("6." + RSA + "|" + base64(16));
            assertThatInvalid("7.");
        }

        @Test
        void wrongNumberOfPartsIsRefused() {
            assertThatInvalid("2." + IV + "|" + CIPHERTEXT);
            assertThatInvalid("2." + IV + "|" + CIPHERTEXT + "|" + MAC + "|" + MAC);
            assertThatInvalid("0." + IV + "|" + CIPHERTEXT + "|" + MAC);
            assertThatInvalid("4." + RSA + "|" + MAC);
            assertThatInvalid("5." + RSA);
        }

        @Test
        void badBase64IsRefused() {
            assertThatInvalid("2." + IV.replace("==", "") + "|" + CIPHERTEXT + "|" + MAC);
            assertThatInvalid("2." + IV.replace('A', '-') + "|" + CIPHERTEXT + "|" + MAC);
            assertThatInvalid("2." + IV.replace("AAAA", "A=AA") + "|" + CIPHERTEXT + "|" + MAC);
            assertThatInvalid("2." + IV + "|" + CIPHERTEXT + "\n|" + MAC);
            assertThatInvalid("2." + IV + "|" + CIPHERTEXT + "|" + MAC + " ");
        }

        @ParameterizedTest
        @ValueSource(strings = {"8.AAAA", "9.AAAA|BBBB", "42.AAAA"})
        void unknownTypeIsNamedAsSuch(String text) {
            assertThatThrownBy(() -> EncString.parse(text))
                    .isInstanceOf(UnsupportedEncryptionException.class)
                    .hasMessageContaining("not known");
        }

        @ParameterizedTest
        @NullSource
        @ValueSource(strings = {"", "  "})
        void nothingIsNoValue(String text) {
            assertThat(EncString.parseOptional(text)).isEmpty();
        }

        private static void assertThatInvalid(String text) {
            assertThatThrownBy(() -> EncString.parse(text))
                    .isInstanceOf(InvalidEncStringException.class)
                    .hasMessageNotContaining(CIPHERTEXT);
        }
    }

    @Nested
    class Looking {
        @ParameterizedTest
        @EnumSource
        void everyTypeIsRecognized(EncryptionType type) {
            assertThat(EncString.looksLikeEncString(aTextOf(type))).isTrue();
        }

        @Test
        void unknownTypeAndDamagedTextAreRecognizedSoThatTheyAreRefusedLater() {
            assertThat(EncString.looksLikeEncString("9." + IV + "|" + CIPHERTEXT))
                    .isTrue();
            assertThat(EncString.looksLikeEncString("2." + IV + "|" + CIPHERTEXT))
                    .isTrue();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    ".",
                    "2",
                    "2.",
                    "2.0",
                    "1.5",
                    "19.99",
                    "2026.6.0",
                    "2.1234",
                    "https://1.example|x",
                    "b64.AAAA",
                    "2026-11-23T22:20:40.580000Z",
                    "a.AAAA|BBBB",
                    "2.AAAA|",
                    "2.|AAAA",
                    "1234.AAAA|AAAA",
                    "192.168.1.1"
                })
        void ordinaryTextIsNotMistaken(String text) {
            assertThat(EncString.looksLikeEncString(text)).isFalse();
        }
    }

    @Test
    void equalityIsThatOfTheText() {
        String text = aTextOf(EncryptionType.AES_256_CBC_HMAC_SHA256);
        assertThat(EncString.parse(text)).isEqualTo(EncString.parse(text)).hasSameHashCodeAs(EncString.parse(text));
        assertThat(EncString.parse(text)).isNotEqualTo(EncString.parse(aTextOf(EncryptionType.AES_256_CBC)));
    }

    @Test
    void toStringShowsTheTypeOnly() {
        assertThat(EncString.parse(aTextOf(EncryptionType.RSA_2048_OAEP_SHA1))).hasToString("EncString[type 4]");
    }

    private static String aTextOf(EncryptionType type) {
        String parts = switch (type) {
            case AES_256_CBC -> IV + "|" + CIPHERTEXT;
            case AES_128_CBC_HMAC_SHA256, AES_256_CBC_HMAC_SHA256 -> IV + "|" + CIPHERTEXT + "|" + MAC;
            case RSA_2048_OAEP_SHA256, RSA_2048_OAEP_SHA1 -> RSA;
            case RSA_2048_OAEP_SHA256_HMAC_SHA256, RSA_2048_OAEP_SHA1_HMAC_SHA256 -> RSA + "|" + MAC;
            case COSE_ENCRYPT0 -> base64(120);
        };
        return type.code() + "." + parts;
    }

    private static String base64(int length) {
        return Base64.getEncoder().encodeToString(new byte[length]);
    }
}

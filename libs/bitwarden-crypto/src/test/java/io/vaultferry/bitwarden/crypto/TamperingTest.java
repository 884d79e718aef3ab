package io.vaultferry.bitwarden.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vaultferry.bitwarden.crypto.hazmat.RawKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever is done to encrypted data, the answer is a typed error that tells nothing. */
class TamperingTest {
    private static final byte[] KEY = HexFormat.of().parseHex("c3".repeat(32) + "5a".repeat(32));

    @Property
    void everyPlaintextComesBack(@ForAll byte[] plaintext) {
        try (SymmetricKey key = SymmetricKey.takeCopyOf(KEY)) {
            EncString encrypted = key.encrypt(plaintext);
            assertThat(key.decrypt(EncString.parse(encrypted.text()))).isEqualTo(plaintext);
            assertThat(encrypted).isNotEqualTo(key.encrypt(plaintext));
        }
    }

    @Property
    void everyTextComesBack(@ForAll("texts") String text) {
        try (SymmetricKey key = SymmetricKey.takeCopyOf(KEY)) {
            assertThat(key.decryptText(key.encryptText(text))).isEqualTo(text);
        }
    }

    @Example
    void sizesAroundABlockAndALargeOneComeBack() {
        try (SymmetricKey key = SymmetricKey.make()) {
            for (int size : new int[] {0, 1, 15, 16, 17, 31, 32, 1024 * 1024}) {
                byte[] plaintext = new byte[size];
                assertThat(key.decrypt(key.encrypt(plaintext))).isEqualTo(plaintext);
            }
        }
    }

    @Property
    void everyFlippedBitIsFound(
            @ForAll("secrets") String secret,
            @ForAll @IntRange(max = 2) int part,
            @ForAll @IntRange(max = 10_000) int anyBit) {
        try (SymmetricKey key = SymmetricKey.takeCopyOf(KEY)) {
            String[] parts = key.encryptText(secret).text().substring(2).split("\\|", -1);
            byte[] bytes = Base64.getDecoder().decode(parts[part]);
            int bit = anyBit % (bytes.length * 8);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            parts[part] = Base64.getEncoder().encodeToString(bytes);

            Throwable thrown = catchThrowable(() -> key.decryptText(EncString.parse("2." + String.join("|", parts))));

            assertThat(thrown).isInstanceOf(DecryptionFailedException.class);
            assertThatTellsNothing(thrown, secret);
        }
    }

    @Property
    void everyOtherKeyIsFound(@ForAll @Size(64) byte[] otherKey, @ForAll("secrets") String secret) {
        try (SymmetricKey key = SymmetricKey.takeCopyOf(KEY);
                SymmetricKey other = SymmetricKey.takeCopyOf(otherKey)) {
            EncString encrypted = key.encryptText(secret);

            Throwable thrown = catchThrowable(() -> other.decryptText(encrypted));

            assertThat(thrown).isInstanceOf(DecryptionFailedException.class);
            assertThatTellsNothing(thrown, secret);
        }
    }

    @Property
    void everyTruncatedTextIsRefused(@ForAll("secrets") String secret, @ForAll @IntRange(max = 10_000) int anyLength) {
        try (SymmetricKey key = SymmetricKey.takeCopyOf(KEY)) {
            String text = key.encryptText(secret).text();
            String cut = text.substring(0, anyLength % text.length());

            Throwable thrown = catchThrowable(() -> key.decryptText(EncString.parse(cut)));

            assertThat(thrown).isInstanceOf(CryptoException.class);
            assertThatTellsNothing(thrown, secret);
        }
    }

    @Property
    void everyOtherTypeInFrontIsRefused(@ForAll("secrets") String secret, @ForAll @IntRange(max = 300) int type) {
        try (SymmetricKey key = SymmetricKey.takeCopyOf(KEY)) {
            String text = key.encryptText(secret).text();
            String other = (type == 2 ? 3 : type) + text.substring(1);

            Throwable thrown = catchThrowable(() -> key.decryptText(EncString.parse(other)));

            assertThat(thrown).isInstanceOfAny(InvalidEncStringException.class, UnsupportedEncryptionException.class);
            assertThatTellsNothing(thrown, secret);
        }
    }

    /** A server could cut off the MAC and say that there never was one. */
    @Property
    void cutOffMacIsRefused(@ForAll("secrets") String secret) {
        try (SymmetricKey key = SymmetricKey.takeCopyOf(KEY)) {
            String text = key.encryptText(secret).text();
            String withoutMac = "0" + text.substring(1, text.lastIndexOf('|'));

            Throwable thrown = catchThrowable(() -> key.decryptText(EncString.parse(withoutMac)));

            assertThat(thrown)
                    .isInstanceOf(UnsupportedEncryptionException.class)
                    .hasMessageContaining("no MAC");
            assertThatTellsNothing(thrown, secret);
        }
    }

    @Property
    void everyTextParsesOrIsRefusedWithATypedError(@ForAll String text) {
        Throwable thrown = catchThrowable(() -> EncString.parse(text));
        if (thrown != null) {
            assertThat(thrown).isInstanceOfAny(InvalidEncStringException.class, UnsupportedEncryptionException.class);
        }
    }

    @Property
    void everyNumberWithPartsOfBase64LooksLikeOneAndParsesOrIsRefused(
            @ForAll @IntRange(max = 999) int type,
            @ForAll @Size(min = 2, max = 4) List<@Size(min = 1, max = 60) byte[]> parts) {
        String text = parts.stream().map(Base64.getEncoder()::encodeToString).collect(joining("|", type + ".", ""));

        assertThat(EncString.looksLikeEncString(text)).isTrue();
        Throwable thrown = catchThrowable(() -> EncString.parse(text));
        if (thrown != null) {
            assertThat(thrown).isInstanceOfAny(InvalidEncStringException.class, UnsupportedEncryptionException.class);
        }
    }

    /** Genuine by its MAC, but its padding is not: only another program's mistake can make it. */
    @Property
    void badPaddingUnderAGoodMacIsRefused(@ForAll @Size(16) byte[] lastBlock) throws GeneralSecurityException {
        lastBlock[15] = 17;
        byte[] iv = new byte[16];
        try (SymmetricKey key = SymmetricKey.takeCopyOf(KEY)) {
            Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, RawKey.owning(half(0)), new IvParameterSpec(iv));
            byte[] ciphertext = cipher.doFinal(lastBlock);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(RawKey.owning(half(32)));
            mac.update(iv);
            Base64.Encoder base64 = Base64.getEncoder();
            EncString encrypted = EncString.parse("2." + base64.encodeToString(iv) + "|"
                    + base64.encodeToString(ciphertext) + "|" + base64.encodeToString(mac.doFinal(ciphertext)));

            Throwable thrown = catchThrowable(() -> key.decrypt(encrypted));

            assertThat(thrown).isInstanceOf(DecryptionFailedException.class).hasNoCause();
        }
    }

    @Property(tries = 100)
    void textThatIsNotUtf8IsRefused(@ForAll @Size(min = 1, max = 20) byte[] bytes) {
        bytes[0] = (byte) 0xff;
        try (SymmetricKey key = SymmetricKey.takeCopyOf(KEY)) {
            EncString encrypted = key.encrypt(bytes);
            assertThat(catchThrowable(() -> key.decryptText(encrypted)))
                    .isInstanceOf(DecryptionFailedException.class)
                    .hasNoCause();
        }
    }

    @Property(tries = 50)
    void keyWrappedForSomebodyElseOrAlteredIsRefused(@ForAll @IntRange(max = 255) int position) {
        try (PrivateKey privateKey = PrivateKey.takeOwnershipOf(KnownAnswers.bytes("rsa.privateKey"));
                SymmetricKey key = SymmetricKey.takeCopyOf(KEY)) {
            String wrapped = privateKey.publicKey().wrap(key).text();
            byte[] bytes = Base64.getDecoder().decode(wrapped.substring(2));
            bytes[position] ^= 1;
            EncString altered = EncString.parse("4." + Base64.getEncoder().encodeToString(bytes));

            Throwable thrown = catchThrowable(() -> privateKey.unwrap(altered));

            assertThat(thrown).isInstanceOf(DecryptionFailedException.class);
            assertThatTellsNothing(thrown, Base64.getEncoder().encodeToString(KEY));
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().excludeChars(surrogates()).ofMaxLength(200);
    }

    @Provide
    Arbitrary<String> secrets() {
        return Arbitraries.strings().alpha().ofMinLength(12).ofMaxLength(60);
    }

    private static char[] surrogates() {
        StringBuilder all = new StringBuilder();
        for (char c = Character.MIN_SURROGATE; c <= Character.MAX_SURROGATE; c++) {
            all.append(c);
        }
        return all.toString().toCharArray();
    }

    private static byte[] half(int from) {
        return Arrays.copyOfRange(KEY, from, from + 32);
    }

    private static void assertThatTellsNothing(Throwable thrown, String secret) {
        StringWriter everything = new StringWriter();
        thrown.printStackTrace(new PrintWriter(everything));
        assertThat(thrown).hasNoCause();
        assertThat(everything.toString())
                .doesNotContain(secret)
                .doesNotContain(Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)))
                .doesNotContainIgnoringCase("c3c3c3")
                .doesNotContainIgnoringCase("5a5a5a")
                .doesNotContain(Base64.getEncoder().encodeToString(KEY).substring(0, 12));
    }
}

package io.vaultferry.bitwarden.crypto.hazmat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published values of single primitives, each with where it was published. */
class PrimitivesTest {
    private static final Properties ANSWERS = new Properties();

    static {
        try (InputStream in =
                PrimitivesTest.class.getResourceAsStream("/io/vaultferry/bitwarden/crypto/known-answers.properties")) {
            ANSWERS.load(in);
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // bitwarden/clients web-crypto-function.service.spec.ts; U+01FB, U+00FC, U+1F600, U+1F64F
    @ParameterizedTest
    @CsvSource({
        "password, user@example.com, pj9prw/OHPleXI6bRdmlaD+saJS4awrMiQsQiDjeu2I=",
        "p\u01fbssword, \u00fcser@example.com, yqvoFXgMRmHR3QPYr5pyR4uVuoHkltv9aHUP63p8n7I=",
        "\ud83d\ude00password\ud83d\ude4f, user@example.com, ZdeOata6xoRpB4DLp8zHhXz5kLmkWtX5pd+TdRH8w8w=",
    })
    void pbkdf2TakesThePasswordAsUtf8(String password, String salt, String expected) {
        assertThat(Passwords.pbkdf2(password.toCharArray(), salt.getBytes(UTF_8), 5_000))
                .isEqualTo(Base64.getDecoder().decode(expected));
    }

    // bitwarden/sdk-internal keys/master_key.rs and core test_accounts.rs; the second and third computed independently
    @ParameterizedTest
    @CsvSource({
        "67t9b5g67$%Dh89n, test_key, 10000, H09o4pZHsVrCUKzREYGEUYqnRaf+lQIbJ8VAKhbDVks=",
        "asdfasdf, test@bitwarden.com, 100000, j6LIxCM7M4VKobykynJczRKr3ji3SCcg3vTuoBgEkmg=",
        "test_password, test@example.com, 600000, j6LUszOBAPDI7POObUJZxYX66PgVraaKiER9BBGFG/U=",
        "asdfasdfasdf, test@bitwarden.com, 600000, ySXq1RVLKEaV1eoQE/ui9aFKIvXTl9PAXwp1MljfF50=",
    })
    void pbkdf2IsRight(String password, String salt, int iterations, String expected) {
        assertThat(Passwords.pbkdf2(password.toCharArray(), salt.getBytes(UTF_8), iterations))
                .isEqualTo(Base64.getDecoder().decode(expected));
    }

    // bitwarden/sdk-internal keys/master_key.rs; the second computed independently
    @ParameterizedTest
    @CsvSource({
        "67t9b5g67$%Dh89n, test_key, cff0e1b1a213a34c626ab3afe00911f01493ed2ff6968db83ee183f23335e1f2",
        "asdfasdf, test_salt, 6275723830fc47d54220a6436fd07b290486232c9936f2bda16b952c0df2af7c",
    })
    void argon2idIsRight(String password, String salt, String expected) throws NoSuchAlgorithmException {
        assertThat(Passwords.argon2id(password.toCharArray(), sha256(salt), 4, 32, 2))
                .isEqualTo(HexFormat.of().parseHex(expected));
    }

    // bitwarden/sdk-internal core master_password.rs
    @Test
    void oneRoundOfPbkdf2OverABinaryPasswordIsRight() {
        byte[] masterKey = Base64.getDecoder().decode("j6LIxCM7M4VKobykynJczRKr3ji3SCcg3vTuoBgEkmg=");
        assertThat(HmacSha256.pbkdf2OfOneIteration(masterKey, "asdfasdf".getBytes(UTF_8)))
                .isEqualTo(Base64.getDecoder().decode("wmyadRMyBZOH7P/a/ucTCbSghKgdzDpPqUnu/DAVtSw="));
    }

    // bitwarden/sdk-internal util.rs
    @ParameterizedTest
    @CsvSource({
        "32, BnIqJlfnHm0e/2iB/15cbHyR19ARPIcWRp4oNS22CD8=",
        "64, BnIqJlfnHm0e/2iB/15cbHyR19ARPIcWRp4oNS22CD9BV+/queOZenPNkDhmlVyL2WZ3OSU5+7ISNF5NhNfvZA==",
    })
    void expandIsRight(int length, String expected) {
        byte[] key = Base64.getDecoder().decode("F5h4KdYQnIVH4rKH0P9CZb1GrR4n16/sJrS0PsQEn0Y=");
        assertThat(HmacSha256.expand(key, "info".getBytes(US_ASCII), length))
                .isEqualTo(Base64.getDecoder().decode(expected));
    }

    // bitwarden/sdk-internal keys/shareable_key.rs
    @ParameterizedTest
    @CsvSource({
        "'&/$%F1a895g67HlX', '', "
                + "4PV6+PcmF2w7YHRatvyMcVQtI7zvCyssv/wFWmzjiH6Iv9altjmDkuBD1aagLVaLezbthbSe+ktR+U6qswxNnQ==",
        "67t9b5g67$%Dh89n, test, "
                + "F9jVQmrACGx9VUPjuzfMYDjr726JtL300Y3Yg+VYUnVQtQ1s8oImJ5xtp1KALC9h2nav04++1LDW4iFD+infng==",
    })
    void hmacAndExpandTogetherAreRight(String secret, String info, String expected) {
        byte[] prk = HmacSha256.of("bitwarden-test_key".getBytes(US_ASCII), secret.getBytes(US_ASCII));
        assertThat(HmacSha256.expand(prk, info.getBytes(US_ASCII), 64))
                .isEqualTo(Base64.getDecoder().decode(expected));
    }

    // bitwarden/clients specs: key 00..1f, iv 00..0f
    @Test
    void unauthenticatedAesCbcIsRight() throws RejectedException {
        byte[] bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        byte[] iv = Arrays.copyOf(bytes, 16);
        byte[] ciphertext = Base64.getDecoder().decode("ByUF8vhyX4ddU9gcooznwA==");
        assertThat(UnauthenticatedAesCbc.decrypt(RawKey.owning(bytes), iv, ciphertext))
                .isEqualTo("EncryptMe!".getBytes(US_ASCII));
    }

    // bitwarden/clients web-crypto-function.service.spec.ts
    @Test
    void rsaOaepWithSha1IsRight() throws RejectedException {
        assertThat(RsaOaep.decrypt(answer("rsa.privateKey"), answer("rsa.rawSha1"), RsaOaep.Hash.SHA1))
                .isEqualTo("EncryptMe!".getBytes(US_ASCII));
        assertThatThrownBy(() -> RsaOaep.decrypt(answer("rsa.privateKey"), answer("rsa.rawSha1"), RsaOaep.Hash.SHA256))
                .isInstanceOf(RejectedException.class);
    }

    // keepassxreboot/keepassxc tests/data: password "a"; the salt's text is used as it is
    @Test
    void passwordProtectedExportWithPbkdf2Opens() throws RejectedException {
        byte[] salt = ANSWERS.getProperty("export.pbkdf2.salt").getBytes(US_ASCII);
        assertThatExportOpens("export.pbkdf2", Passwords.pbkdf2("a".toCharArray(), salt, 100_000));
    }

    // keepassxreboot/keepassxc tests/data, likewise
    @Test
    void passwordProtectedExportWithArgon2idOpens() throws RejectedException, NoSuchAlgorithmException {
        byte[] salt = sha256(ANSWERS.getProperty("export.argon2id.salt"));
        assertThatExportOpens("export.argon2id", Passwords.argon2id("a".toCharArray(), salt, 3, 64, 4));
    }

    private static void assertThatExportOpens(String name, byte[] key) throws RejectedException {
        assertThat(key).isEqualTo(answer(name + ".key"));
        byte[] both = new byte[64];
        System.arraycopy(HmacSha256.expand(key, "enc".getBytes(US_ASCII), 32), 0, both, 0, 32);
        System.arraycopy(HmacSha256.expand(key, "mac".getBytes(US_ASCII), 32), 0, both, 32, 32);
        AesCbcHmacKey stretched = AesCbcHmacKey.copyOf(both);
        assertThat(new String(open(stretched, name + ".validation"), UTF_8))
                .isEqualTo(ANSWERS.getProperty(name + ".guid"));
        assertThat(new String(open(stretched, name + ".data"), UTF_8))
                .contains("\"KeePassXC\"", "\"TYsbQUyeD3qrav\"", "\"Credit Cards\"");
    }

    private static byte[] open(AesCbcHmacKey key, String name) throws RejectedException {
        String[] parts = ANSWERS.getProperty(name).substring(2).split("\\|", -1);
        return AesCbcHmac.open(
                key,
                new Sealed(
                        Base64.getDecoder().decode(parts[0]),
                        Base64.getDecoder().decode(parts[1]),
                        Base64.getDecoder().decode(parts[2])));
    }

    private static byte[] answer(String name) {
        return Base64.getDecoder().decode(ANSWERS.getProperty(name));
    }

    private static byte[] sha256(String text) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    }
}

package io.vaultferry.bitwarden.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @Nested
    class Addresses {
        @ParameterizedTest
        @CsvSource({
            "https://vault.example.com, https://vault.example.com/api, https://vault.example.com/identity",
            "https://vault.example.com/, https://vault.example.com/api, https://vault.example.com/identity",
            "' https://vault.example.com/#/login ', https://vault.example.com/api, https://vault.example.com/identity",
            "HTTPS://example.com:8443/base//, https://example.com:8443/base/api, https://example.com:8443/base/identity",
            "http://127.0.0.1:8080, http://127.0.0.1:8080/api, http://127.0.0.1:8080/identity",
            "https://[::1]:8443, https://[::1]:8443/api, https://[::1]:8443/identity",
            "https://vault.bitwarden.com, https://api.bitwarden.com, https://identity.bitwarden.com",
            "https://vault.bitwarden.eu/#/vault, https://api.bitwarden.eu, https://identity.bitwarden.eu",
            "https://api.bitwarden.com, https://api.bitwarden.com, https://identity.bitwarden.com",
            "http://bitwarden.com, https://api.bitwarden.com, https://identity.bitwarden.com"
        })
        void bothPartsAreFound(String typed, String api, String identity) {
            ServerAddress address = ServerAddress.of(typed);

            assertThat(address.apiUrl()).hasToString(api);
            assertThat(address.identityUrl()).hasToString(identity);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "vault.example.com",
                    "ftp://vault.example.com",
                    "https://",
                    "https://user@vault.example.com",
                    "https://vault.example.com?x=1",
                    "https://vault example.com",
                    "file:///etc/passwd",
                    "javascript:alert(1)"
                })
        void whatIsNoneIsRefusedWithASentence(String typed) {
            assertThatThrownBy(() -> ServerAddress.of(typed))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("https://vault.example.com");
        }
    }

    @Nested
    class Profiles {
        @Test
        void kindOfServerIsFound() {
            assertThat(kind("{\"version\":\"1\",\"server\":{\"name\":\"Vaultwarden\"}}", false))
                    .isEqualTo(ServerKind.VAULTWARDEN);
            assertThat(kind("{\"version\":\"1\",\"server\":null}", true)).isEqualTo(ServerKind.BITWARDEN_CLOUD);
            assertThat(kind("{\"version\":\"1\",\"environment\":{\"cloudRegion\":\"US\"}}", false))
                    .isEqualTo(ServerKind.BITWARDEN_SELF_HOSTED);
            assertThat(kind("{\"version\":\"1\",\"server\":{\"name\":\"Another\"}}", false))
                    .isEqualTo(ServerKind.OTHER);
        }

        private ServerKind kind(String config, boolean cloud) {
            return Answers.serverInfo(
                            JsonObject.of(Exchange.tree(config.getBytes(StandardCharsets.UTF_8)), "config"), cloud)
                    .kind();
        }

        private ServerProfile profile(ServerKind kind, String version) {
            return ServerProfile.of(new ServerInfo(kind, version, Optional.empty()));
        }

        @Test
        void vaultwardenTakesFiveTypesOfItemsAndElevenPolicies() {
            ServerProfile vaultwarden = profile(ServerKind.VAULTWARDEN, "2026.6.0");

            assertThat(supportedTypes(vaultwarden)).containsExactly(1, 2, 3, 4, 5);
            assertThat(supportedPolicies(vaultwarden)).containsExactly(0, 1, 2, 3, 5, 6, 7, 8, 14, 15, 16);
            assertThat(vaultwarden.canSetGroupExternalId()).isTrue();
            assertThat(vaultwarden.canCreateOrganization()).isTrue();
            assertThat(vaultwarden.writesPerMinute()).isEmpty();
        }

        @Test
        void newTypesOfItemsDependOnTheOfficialVersion() {
            assertThat(supportedTypes(profile(ServerKind.BITWARDEN_CLOUD, "2026.8.0")))
                    .hasSize(8);
            assertThat(supportedTypes(profile(ServerKind.BITWARDEN_SELF_HOSTED, "2026.2.1")))
                    .hasSize(8);
            assertThat(supportedTypes(profile(ServerKind.BITWARDEN_SELF_HOSTED, "2026.1.9")))
                    .hasSize(5);
            assertThat(supportedTypes(profile(ServerKind.BITWARDEN_SELF_HOSTED, "nonsense")))
                    .hasSize(5);
        }

        @Test
        void onlyTheCloudLimitsImports() {
            assertThat(profile(ServerKind.BITWARDEN_CLOUD, "2026.8.0").largestImportItems())
                    .isEqualTo(40_000);
            assertThat(profile(ServerKind.BITWARDEN_SELF_HOSTED, "2026.8.0").largestImportItems())
                    .isEqualTo(Integer.MAX_VALUE);
            assertThat(profile(ServerKind.BITWARDEN_CLOUD, "2026.8.0").attachmentUploadKind())
                    .isEqualTo(UploadKind.SIGNED_ADDRESS);
        }

        private List<Integer> supportedTypes(ServerProfile profile) {
            return IntStream.range(0, 12)
                    .filter(profile::supportsItemType)
                    .boxed()
                    .toList();
        }

        private List<Integer> supportedPolicies(ServerProfile profile) {
            return IntStream.range(-1, 30)
                    .filter(profile::supportsPolicy)
                    .boxed()
                    .toList();
        }
    }

    @Nested
    class ForeignSentences {
        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {
                    "User already in organization: alice@acme.example.test;User already in organization: (address)",
                    "Bad key 2.l4EXxBwpVnGVgmUV66CMWA==|6dRX80M6aBVApFMe1MUOeg==|bDFgPI19;Bad key (value)",
                    "Unrecognized \"my secret note\" here;Unrecognized (value) here",
                    "Attachment size mismatch (expected within [1951424, 4048576], got 5);Attachment size mismatch"
                            + " (expected within [1951424, 4048576], got 5)",
                    "This organization's policy applies;This organization's policy applies"
                })
        void loseWhatSomeonePutIntoARequest(String sentence, String expected) {
            assertThat(ServerText.clean(sentence)).isEqualTo(expected);
        }

        @Test
        void areOneShortLine() {
            assertThat(ServerText.clean("a\r\nb\u2028c\u202Ed\u0000e")).isEqualTo("a b c d e");
            assertThat(ServerText.clean("word ".repeat(5000))).hasSizeLessThan(210);
            assertThat(ServerText.clean(null)).isEmpty();
        }
    }

    @Nested
    class Trees {
        @Test
        void keepEveryValueExactly() throws IOException {
            String json = "{\"b\":1,\"a\":[null,true,1.10,12345678901,123456789012345678901,\"✓\\u0000\"],\"c\":{}}";

            Object tree = read(json);

            assertThat(tree)
                    .isEqualTo(JsonTree.object(
                            "b",
                            1,
                            "a",
                            Arrays.asList(
                                    null,
                                    true,
                                    new BigDecimal("1.10"),
                                    12345678901L,
                                    new BigInteger("123456789012345678901"),
                                    "✓\0"),
                            "c",
                            Map.of()));
            assertThat(read(new String(JsonTree.write(tree), StandardCharsets.UTF_8)))
                    .isEqualTo(tree);
            assertThat(((Map<?, ?>) tree).keySet().toString()).isEqualTo("[b, a, c]");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "{", "{\"a\":1", "[1", "{} {}", "canary", "{\"a\":canary}", "{\"a\":\"can\nary\"}"})
        void whatIsNoJsonIsNotQuoted(String json) {
            assertThatThrownBy(() -> read(json)).hasNoCause().message().doesNotContain("canary");
        }

        @Test
        void listsAreTakenOneByOne() throws IOException {
            List<Object> taken = new ArrayList<>();
            String json = "{\"object\":\"list\",\"other\":[{\"data\":1}],\"Data\":[{\"a\":1},{\"a\":2}],\"x\":null}";

            JsonTree.forEach(stream(json), "data", taken::add);

            assertThat(taken).isEqualTo(List.of(Map.of("a", 1), Map.of("a", 2)));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"[]", "{}", "{\"data\":null}", "{\"data\":[1]}", "{\"data\":[{\"a\":1}]", "{\"data\":[{}]}x"
                })
        void listsThatAreNoneAreRefused(String json) {
            assertThatThrownBy(() -> JsonTree.forEach(stream(json), "data", element -> {}))
                    .isInstanceOfAny(ProtocolViolationException.class, IOException.class);
        }

        @Test
        void endlessAnswersEnd() {
            assertThatThrownBy(() -> new BoundedInputStream(
                                    new ByteArrayInputStream(new byte[1000]), 999, Duration.ofMinutes(1))
                            .readAllBytes())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("too long");
        }

        private Object read(String json) throws IOException {
            return JsonTree.read(stream(json));
        }

        private ByteArrayInputStream stream(String json) {
            return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Nested
    class Identifiers {
        @ParameterizedTest
        @ValueSource(strings = {"", " ", "a/b", "..", "a?b", "a%2f", "ä", "a b", "a\n"})
        void thatAreNoneAreRefused(String text) {
            assertThatThrownBy(() -> new ItemId(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}

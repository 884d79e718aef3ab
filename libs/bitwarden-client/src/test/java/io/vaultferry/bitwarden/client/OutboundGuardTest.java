package io.vaultferry.bitwarden.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vaultferry.bitwarden.client.FakeServer.Reply;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundGuardTest {
    private static final HostResolver LITERALS_AND_PUBLIC_NAMES = host -> {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.startsWith("localhost")) {
            return List.of(address("127.0.0.1"));
        }
        boolean literal = name.startsWith("[") || name.matches("[0-9.]+");
        return List.of(literal ? address(host) : address("1.1.1.1"));
    };

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getAllByName(literal)[0];
    }

    @ParameterizedTest
    @CsvSource({
        "1.1.1.1, PUBLIC",
        "172.15.255.255, PUBLIC",
        "172.32.0.1, PUBLIC",
        "100.63.255.255, PUBLIC",
        "100.128.0.1, PUBLIC",
        "192.167.1.1, PUBLIC",
        "2606:4700::1111, PUBLIC",
        "64:ff9b::1.1.1.1, PUBLIC",
        "2002:0101:0101::1, PUBLIC",
        "127.0.0.1, NOT_PUBLIC",
        "127.8.9.10, NOT_PUBLIC",
        "10.0.0.1, NOT_PUBLIC",
        "172.16.0.1, NOT_PUBLIC",
        "172.31.255.255, NOT_PUBLIC",
        "192.168.0.1, NOT_PUBLIC",
        "100.64.0.1, NOT_PUBLIC",
        "100.127.255.255, NOT_PUBLIC",
        "192.0.0.1, NOT_PUBLIC",
        "192.0.2.1, NOT_PUBLIC",
        "198.18.0.1, NOT_PUBLIC",
        "198.19.0.1, NOT_PUBLIC",
        "198.51.100.1, NOT_PUBLIC",
        "203.0.113.1, NOT_PUBLIC",
        "::1, NOT_PUBLIC",
        "fc00::1, NOT_PUBLIC",
        "fd12:3456::1, NOT_PUBLIC",
        "fec0::1, NOT_PUBLIC",
        "2001:db8::1, NOT_PUBLIC",
        "::ffff:127.0.0.1, NOT_PUBLIC",
        "::ffff:10.1.1.1, NOT_PUBLIC",
        "::10.1.1.1, NOT_PUBLIC",
        "64:ff9b::10.1.1.1, NOT_PUBLIC",
        "64:ff9b:1::1, NOT_PUBLIC",
        "2002:7f00:0001::1, NOT_PUBLIC",
        "2001:0:1:1:0:0:f5ff:fffe, NOT_PUBLIC",
        "0.0.0.0, NEVER",
        "0.1.2.3, NEVER",
        "169.254.169.254, NEVER",
        "169.254.0.1, NEVER",
        "224.0.0.1, NEVER",
        "239.255.255.255, NEVER",
        "240.0.0.1, NEVER",
        "255.255.255.255, NEVER",
        "::, NEVER",
        "fe80::1, NEVER",
        "febf::1, NEVER",
        "ff02::1, NEVER",
        "fd00:ec2::254, NEVER",
        "::ffff:169.254.169.254, NEVER",
        "64:ff9b::169.254.169.254, NEVER",
        "2002:a9fe:a9fe::1, NEVER"
    })
    void everyAddressIsOfItsRange(String address, AddressRange range) throws UnknownHostException {
        assertThat(AddressRange.of(address(address))).isEqualTo(range);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://vault.example.com/",
                "ftp://vault.example.com/",
                "file:///etc/passwd",
                "gopher://vault.example.com/",
                "jar:https://vault.example.com!/",
                "//vault.example.com/",
                "/etc/passwd",
                "https:///nothing",
                "https:opaque",
                "https://user@vault.example.com/",
                "https://user:password@vault.example.com/",
                "https://vault.example.com@127.0.0.1/",
                "https://127.0.0.1/",
                "https://127.0.0.1:8443/",
                "https://127.1/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0177.0.0.1/",
                "https://01.1.1.1/",
                "https://1.1.1.256/",
                "https://1.1.0x1.1/",
                "https://vault.example.com.0x7f/",
                "https://0/",
                "https://0.0.0.0/",
                "https://localhost/",
                "https://LOCALHOST/",
                "https://localhost./",
                "https://[::1]/",
                "https://[::]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::ffff:7f00:1]/",
                "https://[0:0:0:0:0:ffff:7f00:0001]/",
                "https://[64:ff9b::7f00:1]/",
                "https://[2002:7f00:1::]/",
                "https://[fe80::1]/",
                "https://[fd00:ec2::254]/",
                "https://10.0.0.1/",
                "https://172.16.0.1/",
                "https://192.168.1.1/",
                "https://100.100.100.200/",
                "https://169.254.169.254/latest/meta-data/",
                "https://169.254.170.2/",
                "https://224.0.0.1/",
                "https://255.255.255.255/",
                "https://bad_host_name/",
                "https://exämple.com/"
            })
    void evilAddressIsRefused(String address) {
        OutboundGuard guard = new OutboundGuard(false, LITERALS_AND_PUBLIC_NAMES);

        assertThatThrownBy(() -> guard.check(URI.create(address))).isInstanceOf(ForbiddenTargetException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://vault.example.com/",
                "https://vault.example.com:8443/base/api",
                "https://1.1.1.1/",
                "https://[2606:4700::1111]/"
            })
    void publicAddressPasses(String address) throws UnknownHostException {
        new OutboundGuard(false, LITERALS_AND_PUBLIC_NAMES).check(URI.create(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:80/", "https://localhost/", "http://192.168.1.1/", "https://[fd12::1]/"})
    void operatorMayAllowServersOfTheirOwn(String address) throws UnknownHostException {
        new OutboundGuard(true, LITERALS_AND_PUBLIC_NAMES).check(URI.create(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://169.254.169.254/", "http://[fe80::1]/", "http://0.0.0.0/", "ftp://localhost/"})
    void noOperatorMayAllowWhereNoServerIs(String address) {
        OutboundGuard guard = new OutboundGuard(true, LITERALS_AND_PUBLIC_NAMES);

        assertThatThrownBy(() -> guard.check(URI.create(address))).isInstanceOf(ForbiddenTargetException.class);
    }

    @Test
    void refusalSaysHowToAllowIt() {
        OutboundGuard guard = new OutboundGuard(false, LITERALS_AND_PUBLIC_NAMES);

        assertThatThrownBy(() -> guard.check(URI.create("https://10.0.0.1/secret?token=canary")))
                .hasMessageContaining("https://10.0.0.1:443")
                .hasMessageContaining("vaultferry.outbound.allow-insecure-servers")
                .hasMessageNotContaining("canary");
    }

    @Test
    void oneForbiddenAddressAmongSeveralIsEnough() throws UnknownHostException {
        List<InetAddress> both = List.of(address("1.1.1.1"), address("127.0.0.1"));
        OutboundGuard guard = new OutboundGuard(false, host -> both);

        assertThatThrownBy(() -> guard.check(URI.create("https://vault.example.com/")))
                .isInstanceOf(ForbiddenTargetException.class);
    }

    @Nested
    class OfAClient {
        private final ClientSettings insecure = ClientSettings.defaults().withInsecureServers(true);

        private BitwardenSession session(BitwardenServer client) {
            return client.session(AccessTokens.fixed(
                    AccessToken.of("canary-token", Instant.now().plusSeconds(3600))));
        }

        @Test
        void hostIsCheckedAtEveryRequest() throws UnknownHostException {
            // Given
            Queue<InetAddress> answers = new ArrayDeque<>(List.of(address("127.0.0.1"), address("169.254.169.254")));
            try (FakeServer server = new FakeServer(request -> Reply.json(200, "{\"id\":\"me\",\"email\":\"a@b\"}"));
                    BitwardenServer client = new BitwardenServer(
                            ServerAddress.of(server.url()),
                            insecure,
                            host -> List.of(answers.remove()),
                            Clock.systemUTC())) {
                BitwardenSession session = session(client);
                session.profile();

                // When
                Throwable thrown = catchThrowable(session::profile);

                // Then
                assertThat(thrown).isInstanceOf(ForbiddenTargetException.class);
                assertThat(server.seen()).hasSize(1);
            }
        }

        @Test
        void defaultSettingsRefuseLoopback() {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(200, "{}"));
                    BitwardenServer client =
                            BitwardenServer.at(ServerAddress.of(server.url()), ClientSettings.defaults())) {
                // When
                Throwable thrown = catchThrowable(client::info);

                // Then
                assertThat(thrown).isInstanceOf(ForbiddenTargetException.class);
                assertThat(server.seen()).isEmpty();
            }
        }

        @Test
        void linkOfAServerToAMetadataServiceIsRefused() {
            // Given
            try (FakeServer server = new FakeServer(
                            request -> Reply.json(200, "{\"url\":\"http://169.254.169.254/latest/meta-data/iam\"}"));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), insecure)) {
                BitwardenSession session = session(client);
                AttachmentLink link = session.attachmentLink(new ItemId("item"), new AttachmentId("file"));

                // When
                Throwable thrown = catchThrowable(() -> session.download(link));

                // Then
                assertThat(thrown).isInstanceOf(ForbiddenTargetException.class).hasMessageContaining("link-local");
            }
        }

        @Test
        void tokenIsNotShownToAnotherOrigin() {
            // Given
            try (FakeServer other = new FakeServer(request -> Reply.json(200, "bytes"));
                    FakeServer server =
                            new FakeServer(request -> Reply.json(200, "{\"url\":\"" + other.url() + "/file?sig=x\"}"));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), insecure)) {
                BitwardenSession session = session(client);
                AttachmentLink link = session.attachmentLink(new ItemId("item"), new AttachmentId("file"));

                // When
                session.download(link).close();

                // Then
                assertThat(server.seen().getFirst().header("Authorization")).isEqualTo("Bearer canary-token");
                assertThat(other.seen()).singleElement().satisfies(request -> {
                    assertThat(request.headers().toString()).doesNotContain("canary");
                    assertThat(request.header("Authorization")).isNull();
                    assertThat(request.header("Bitwarden-Client-Version")).isNull();
                });
            }
        }

        @Test
        void tokenIsNotShownOnDownloadsFromTheServerItselfEither() {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(200, "{\"url\":\"/files/1\"}"));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), insecure)) {
                BitwardenSession session = session(client);
                AttachmentLink link = session.attachmentLink(new ItemId("item"), new AttachmentId("file"));

                // When
                session.download(link).close();

                // Then
                assertThat(server.seen().getLast().path()).isEqualTo("/api/files/1");
                assertThat(server.seen().getLast().header("Authorization")).isNull();
            }
        }

        @Test
        void transportItselfKeepsTheTokenFromOtherOrigins() throws UnknownHostException {
            // Given
            try (FakeServer other = new FakeServer(request -> Reply.json(200, "{}"));
                    HttpTransport transport = new HttpTransport(
                            insecure,
                            new OutboundGuard(true, HostResolver.ofSystem()),
                            List.of(Origin.of(URI.create("https://vault.example.com"))))) {
                Call call = new Call(
                        "try it",
                        Call.Effect.NONE,
                        "GET",
                        URI.create(other.url()),
                        Optional.of(AccessToken.of("canary", Instant.now())),
                        Payload.NONE,
                        Duration.ofSeconds(5));

                // When
                Throwable thrown = catchThrowable(() -> transport.send(call));

                // Then
                assertThat(thrown).isInstanceOf(ForbiddenTargetException.class);
                assertThat(other.seen()).isEmpty();
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "http://169.254.169.254/latest",
                    "https://vault.example.com/elsewhere",
                    "file:///etc/passwd",
                    "http://user@127.0.0.1/",
                    "%zz"
                })
        void redirectOffTheOriginIsNotFollowed(String location) {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(302, "", "Location", location));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), insecure)) {
                // When
                Throwable thrown = catchThrowable(() -> session(client).profile());

                // Then
                assertThat(thrown).isInstanceOf(RefusedException.class).hasMessageContaining("redirects");
                assertThat(server.seen()).hasSize(1);
            }
        }

        @Test
        void redirectToAnotherPortIsOffTheOrigin() {
            // Given
            try (FakeServer other = new FakeServer(request -> Reply.json(200, "{}"));
                    FakeServer server =
                            new FakeServer(request -> Reply.json(302, "", "Location", other.url() + "/api/accounts"));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), insecure)) {
                // When
                Throwable thrown = catchThrowable(() -> session(client).profile());

                // Then
                assertThat(thrown).isInstanceOf(RefusedException.class);
                assertThat(other.seen()).isEmpty();
            }
        }

        @Test
        void idsOfAServerCannotLeaveTheirPlaceInAPath() {
            // Given
            try (FakeServer server = new FakeServer(request ->
                            Reply.json(200, "{\"data\":[{\"id\":\"../../accounts/api-key?\",\"name\":\"x\"}]}"));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), insecure)) {
                // When
                Throwable thrown = catchThrowable(() -> session(client).groups(new OrganizationId("organization")));

                // Then
                assertThat(thrown).isInstanceOf(BitwardenException.class);
                assertThat(server.seen()).noneMatch(request -> request.path().contains("api-key"));
            }
        }
    }
}

package io.vaultferry.bitwarden.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final GeneralName LOCALHOST = new GeneralName(GeneralName.dNSName, "localhost");
    private static final Duration A_DAY = Duration.ofDays(1);

    @TempDir
    private Path directory;

    private Certificates authority;
    private Path caFile;
    private HttpsServer server;
    private final AtomicInteger requests = new AtomicInteger();

    @BeforeEach
    void makeAuthority() throws Exception {
        authority = new Certificates();
        caFile = directory.resolve("ca.pem");
        authority.writePem(caFile);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    private void serve(SSLContext context, String... protocols) throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters chosen = context.getDefaultSSLParameters();
                if (protocols.length > 0) {
                    chosen.setProtocols(protocols);
                }
                parameters.setSSLParameters(chosen);
            }
        });
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            byte[] body = "{\"version\":\"2026.8.0\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    private Throwable call(String host, Optional<Path> ca) {
        ClientSettings settings =
                ClientSettings.defaults().withInsecureServers(true).withCaFile(ca);
        String url = "https://" + host + ":" + server.getAddress().getPort();
        try (BitwardenServer client = BitwardenServer.at(ServerAddress.of(url), settings)) {
            return catchThrowable(client::info);
        }
    }

    @Test
    void serverOfTheOwnAuthorityIsBelieved() throws Exception {
        // Given
        serve(authority.serverFor(LOCALHOST, Instant.now(), A_DAY));

        // When
        Throwable thrown = call("localhost", Optional.of(caFile));

        // Then
        assertThat(thrown).isNull();
        assertThat(requests).hasValue(1);
    }

    @Test
    void serverOfTheOwnAuthorityIsNotBelievedWithoutItsFile() throws Exception {
        // Given
        serve(authority.serverFor(LOCALHOST, Instant.now(), A_DAY));

        // When
        Throwable thrown = call("localhost", Optional.empty());

        // Then
        assertRefused(thrown);
    }

    @Test
    void selfSignedServerIsNotBelieved() throws Exception {
        // Given
        serve(Certificates.selfSigned(LOCALHOST));

        // When
        Throwable thrown = call("localhost", Optional.of(caFile));

        // Then
        assertRefused(thrown);
    }

    @Test
    void certificateForAnotherHostIsNotBelieved() throws Exception {
        // Given
        serve(authority.serverFor(new GeneralName(GeneralName.dNSName, "vault.example.com"), Instant.now(), A_DAY));

        // When
        Throwable thrown = call("localhost", Optional.of(caFile));

        // Then
        assertRefused(thrown);
    }

    @Test
    void certificateWithoutTheAddressIsNotBelieved() throws Exception {
        // Given
        serve(authority.serverFor(LOCALHOST, Instant.now(), A_DAY));

        // When
        Throwable thrown = call("127.0.0.1", Optional.of(caFile));

        // Then
        assertRefused(thrown);
    }

    @Test
    void expiredCertificateIsNotBelieved() throws Exception {
        // Given
        serve(authority.serverFor(LOCALHOST, Instant.now().minus(Duration.ofDays(3)), A_DAY));

        // When
        Throwable thrown = call("localhost", Optional.of(caFile));

        // Then
        assertRefused(thrown);
    }

    @Test
    void tls12IsSpokenToo() throws Exception {
        // Given
        serve(authority.serverFor(LOCALHOST, Instant.now(), A_DAY), "TLSv1.2");

        // When
        Throwable thrown = call("localhost", Optional.of(caFile));

        // Then
        assertThat(thrown).isNull();
    }

    private void assertRefused(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("certificate")
                .hasNoCause();
        assertThat(requests).hasValue(0);
    }

    @Test
    void unusableFileOfCertificatesIsExplained() throws IOException {
        // Given
        Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "no certificate");
        Path missing = directory.resolve("missing.pem");

        // Then
        assertThatThrownBy(() -> TrustedAuthorities.context(Optional.of(nonsense)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nonsense.pem");
        assertThatThrownBy(() -> TrustedAuthorities.context(Optional.of(missing)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Cannot read");
    }

    @Test
    void propertyThatTurnsHostChecksOffIsRefused() {
        // Given
        System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
        try {
            // When
            Throwable thrown = catchThrowable(
                    () -> BitwardenServer.at(ServerAddress.of("https://vault.example.com"), ClientSettings.defaults()));

            // Then
            assertThat(thrown).isInstanceOf(IllegalStateException.class);
        } finally {
            System.clearProperty("jdk.internal.httpclient.disableHostnameVerification");
        }
    }
}

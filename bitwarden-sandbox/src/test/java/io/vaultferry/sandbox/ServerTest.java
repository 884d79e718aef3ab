package io.vaultferry.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** What does not belong to one resource: TLS, paths, bodies, headers, several servers at once. */
class ServerTest {

    @Test
    void onlyWhoTrustsTheAuthorityConnects() {
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.defaults());
                TestHttp trusting = TestHttp.to(sandbox);
                TestHttp other = new TestHttp(sandbox.baseUrl(), Optional.empty())) {
            assertThat(statusOfAlive(trusting)).isEqualTo(200);
            assertThatThrownBy(() -> statusOfAlive(other)).hasCauseInstanceOf(SSLHandshakeException.class);
        }
    }

    private static int statusOfAlive(TestHttp http) {
        try {
            return http.get("/alive", "").status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void twoServersLiveSideBySide() throws IOException {
        try (Sandbox source = Sandbox.start(
                        SandboxConfig.builder().seed(Seed.recorded()).build());
                Sandbox target = Sandbox.start(SandboxConfig.builder()
                        .seed(Seed.recordedAccountsOnly())
                        .build());
                TestHttp atSource = TestHttp.to(source);
                TestHttp atTarget = TestHttp.to(target)) {
            // When
            String sourceToken = atSource.logInOwner();
            JsonNode there = atSource.get("/api/accounts/profile", sourceToken).json();
            JsonNode here =
                    atTarget.get("/api/accounts/profile", atTarget.logInOwner()).json();

            // Then
            assertThat(there.get("organizations")).hasSize(1);
            assertThat(here.get("organizations")).isEmpty();
            assertThat(atTarget.get("/api/accounts/profile", sourceToken).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void everythingMayLiveUnderAPath() throws IOException {
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
                        .tls(false)
                        .basePath("/vault")
                        .seed(Seed.recorded())
                        .build());
                TestHttp http = TestHttp.to(sandbox);
                TestHttp atRoot = new TestHttp(sandbox.baseUrl().resolve("/"), Optional.empty())) {
            // When
            JsonNode config = http.get("/api/config", "").json();

            // Then
            assertThat(config.get("environment").get("api").textValue())
                    .isEqualTo(sandbox.baseUrl() + "/api")
                    .contains("/vault/api");
            assertThat(http.get("/api/accounts/profile", http.logInOwner()).status())
                    .isEqualTo(200);
            assertThat(atRoot.get("api/config", "").status()).isEqualTo(404);
        }
    }

    @Test
    void errorsOfTheFrameworkAreHtmlForThoseWhoDoNotAskForJson() throws IOException {
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.builder().tls(false).build());
                TestHttp http = TestHttp.to(sandbox)) {
            // When
            TestHttp.Answer html = http.send("GET", "/api/accounts/profile", Map.of("Accept", "*/*"), new byte[0]);
            TestHttp.Answer json = http.get("/api/no/such/thing", "");

            // Then
            assertThat(html.status()).isEqualTo(401);
            assertThat(html.headers()).containsEntry("content-type", "text/html; charset=utf-8");
            assertThat(json.status()).isEqualTo(404);
            assertThat(json.json().get("error").get("reason").textValue()).isEqualTo("Not Found");
        }
    }

    @Test
    void aClientThatDoesNotSayItsVersionGetsNoSshKeys() throws IOException {
        try (Sandbox sandbox = Sandbox.start(
                        SandboxConfig.builder().tls(false).seed(Seed.recorded()).build());
                TestHttp http = TestHttp.to(sandbox)) {
            // Given
            String token = http.logInOwner();

            // When
            int all = http.get("/api/sync", token).json().get("ciphers").size();
            int fewer = http.send("GET", "/api/sync", Map.of("Authorization", "Bearer " + token), new byte[0])
                    .json()
                    .get("ciphers")
                    .size();

            // Then
            assertThat(all).isEqualTo(21);
            assertThat(fewer).isEqualTo(19);
        }
    }

    @Test
    void anIdleConnectionIsClosed() throws IOException {
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
                        .tls(false)
                        .keepAlive(Duration.ofMillis(200))
                        .build());
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), sandbox.baseUrl().getPort())) {
            // Given
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET /alive HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));

            // When
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);

            // Then
            assertThat(answer).startsWith("HTTP/1.1 200 OK").doesNotContain("Connection: close");
        }
    }

    @Test
    void chunkedBodiesAndPipelinedRequestsAreUnderstood() throws IOException {
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
                        .tls(false)
                        .keepAlive(Duration.ofMillis(300))
                        .build());
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), sandbox.baseUrl().getPort())) {
            // When
            socket.getOutputStream()
                    .write(("POST /identity/accounts/prelogin HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + "5\r\n{\"ema\r\nf;x=y\r\nil\":\"a@b.test\"}\r\n0\r\nTrailer: t\r\n\r\n"
                                    + "GET /api/version HTTP/1.1\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            // Then
            assertThat(answers).contains("\"kdfIterations\":600000").contains("\"1.37.2\"");
        }
    }

    @Test
    void aTotpCodeIsGoodForOneLogin() throws IOException {
        try (Sandbox sandbox = Sandbox.start(
                        SandboxConfig.builder().tls(false).seed(Seed.recorded()).build());
                TestHttp http = TestHttp.to(sandbox)) {
            // Given
            Map<String, String> form = Map.of(
                    "grant_type", "password",
                    "username", "totp@acme.example.test",
                    "password", "2SYpUnzJ75NbSp8kKF5RwcuYHMp4FHaCnSzeamTyfmA=",
                    "scope", "api offline_access",
                    "client_id", "cli",
                    "deviceType", "25",
                    "deviceIdentifier", "x",
                    "deviceName", "x",
                    "twoFactorToken", TestTotp.code("BO6MLQR2IGWZJY7CJRRWZMWKDPBAOVBD", java.time.Instant.now()),
                    "twoFactorProvider", "0");

            // When
            List<TestHttp.Answer> answers =
                    List.of(http.form("/identity/connect/token", form), http.form("/identity/connect/token", form));

            // Then
            assertThat(answers).extracting(TestHttp.Answer::status).containsExactly(200, 400);
            assertThat(answers.get(1).message()).startsWith("Invalid TOTP code!");
        }
    }
}

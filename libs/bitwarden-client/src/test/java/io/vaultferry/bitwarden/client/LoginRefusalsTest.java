package io.vaultferry.bitwarden.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaultferry.bitwarden.client.FakeServer.Reply;
import io.vaultferry.bitwarden.client.LoginRefusedException.Credential;
import io.vaultferry.bitwarden.client.LoginRefusedException.Reason;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LoginRefusalsTest {
    private static final String CHEAP = "{\"kdf\":0,\"kdfIterations\":5000}";

    private FakeServer server;
    private BitwardenServer client;
    private volatile String prelogin = CHEAP;
    private volatile Reply token = Reply.json(500, "");

    @BeforeEach
    void start() {
        server = new FakeServer(
                request -> request.path().endsWith("/connect/token") ? token : Reply.json(200, prelogin));
        client = BitwardenServer.at(
                ServerAddress.of(server.url()), ClientSettings.defaults().withInsecureServers(true));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private LoginRefusedException refusalOf(PasswordCredentials credentials) {
        return catchThrowableOfType(LoginRefusedException.class, () -> client.logIn(credentials));
    }

    private static PasswordCredentials password() {
        return PasswordCredentials.of("someone@example.test", "a password".toCharArray());
    }

    /** As in bitwarden/server: BaseRequestValidator.cs, DeviceValidator.cs, ClientVersionValidator.cs. */
    static Stream<Arguments> officialRefusals() {
        return Stream.of(
                Arguments.of(
                        Reason.WRONG_PASSWORD,
                        "{\"error\":\"invalid_grant\",\"error_description\":\"invalid_username_or_password\","
                                + "\"ErrorModel\":{\"Message\":\"Username or password is incorrect. Try again.\"}}"),
                Arguments.of(
                        Reason.TWO_FACTOR_REQUIRED,
                        "{\"error\":\"invalid_grant\",\"error_description\":\"Two factor required.\","
                                + "\"TwoFactorProviders\":[\"0\",\"1\"],\"TwoFactorProviders2\":{\"0\":null,\"1\":{\"Email\":\"a***@x\"}}}"),
                Arguments.of(
                        Reason.NEW_DEVICE_VERIFICATION_REQUIRED,
                        "{\"error\":\"device_error\",\"error_description\":\"New device verification required\","
                                + "\"ErrorModel\":{\"Message\":\"new device verification required\"}}"),
                Arguments.of(
                        Reason.WRONG_NEW_DEVICE_CODE,
                        "{\"error\":\"device_error\",\"ErrorModel\":{\"Message\":\"invalid new device otp\"}}"),
                Arguments.of(
                        Reason.SINGLE_SIGN_ON_REQUIRED,
                        "{\"error\":\"invalid_grant\",\"ErrorModel\":{\"Message\":\"Sso authentication is required.\"},"
                                + "\"SsoOrganizationIdentifier\":\"acme\"}"),
                Arguments.of(
                        Reason.CLIENT_TOO_OLD,
                        "{\"error\":\"invalid_client_version\",\"ErrorModel\":{\"Message\":\"Please update your app\"}}"),
                Arguments.of(Reason.CLIENT_TOO_OLD, "{\"error\":\"version_header_missing\"}"),
                Arguments.of(
                        Reason.LEGACY_ENCRYPTION,
                        "{\"error\":\"invalid_grant\",\"ErrorModel\":{\"Message\":\"Legacy encryption without a userkey is"
                                + " no longer supported.\"}}"),
                Arguments.of(Reason.OTHER, "{\"error\":\"something\",\"ErrorModel\":{\"Message\":\"New words.\"}}"),
                Arguments.of(Reason.OTHER, "<html>no JSON</html>"));
    }

    @ParameterizedTest
    @MethodSource("officialRefusals")
    void officialRefusalIsTold(Reason reason, String body) {
        // Given
        token = Reply.json(400, body);

        // When
        LoginRefusedException refusal = refusalOf(password());

        // Then
        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal.twoFactorProviders())
                .isEqualTo(
                        reason == Reason.TWO_FACTOR_REQUIRED
                                ? Set.of(TwoFactorProvider.AUTHENTICATOR, TwoFactorProvider.EMAIL)
                                : Set.of());
    }

    @ParameterizedTest
    @CsvSource({
        "Two-step token is invalid. Try again.",
        "Invalid TOTP code! Server time: 2026-11-23 22:19:27 UTC IP: 127.0.0.1",
        "Token is invalid",
        "Recovery code is incorrect. Try again."
    })
    void wrongCodeIsTold(String message) {
        // Given
        token = Reply.json(400, "{\"error\":\"invalid_grant\",\"ErrorModel\":{\"Message\":\"" + message + "\"}}");

        // When
        LoginRefusedException refusal = refusalOf(password().withAuthenticatorCode("000000"));

        // Then
        assertThat(refusal.reason()).isEqualTo(Reason.WRONG_TWO_FACTOR_CODE);
        assertThat(refusal.reason().credential()).hasValue(Credential.TOTP);
    }

    @Test
    void wrongPasswordWithACodeIsAboutThePassword() {
        // Given
        token = Reply.bytes(400, Exchange.of("02-login-errors", 2).responseBody());

        // When
        LoginRefusedException refusal = refusalOf(password().withAuthenticatorCode("000000"));

        // Then
        assertThat(refusal.reason().credential()).hasValue(Credential.MASTER_PASSWORD);
    }

    @Test
    void wrongApiKeyIsTold() {
        // Given
        token = Reply.json(400, "{\"error\":\"invalid_client\"}");

        // When
        LoginRefusedException refusal = catchThrowableOfType(
                LoginRefusedException.class, () -> client.logIn(ApiKeyCredentials.of("user.a", "b")));

        // Then
        assertThat(refusal.reason()).isEqualTo(Reason.WRONG_API_KEY);
    }

    @Test
    void endedSessionIsTold() {
        // Given
        token = Reply.json(400, "{\"error\":\"invalid_grant\"}");

        // When
        LoginRefusedException refusal =
                catchThrowableOfType(LoginRefusedException.class, () -> client.refresh(RefreshToken.of("old")));

        // Then
        assertThat(refusal.reason()).isEqualTo(Reason.SESSION_ENDED);
    }

    @Test
    void tooManyLoginsAreARateLimit() {
        // Given
        token = Reply.json(429, "{\"message\":\"Too many login requests\"}");

        // When
        Throwable thrown = catchThrowable(() -> client.logIn(password()));

        // Then
        assertThat(thrown).isInstanceOf(RateLimitedException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"kdf\":0,\"kdfIterations\":1}",
                "{\"kdf\":0,\"kdfIterations\":4999}",
                "{\"kdf\":0,\"kdfIterations\":2000000000}",
                "{\"kdf\":1,\"kdfIterations\":1,\"kdfMemory\":64,\"kdfParallelism\":4}",
                "{\"kdf\":1,\"kdfIterations\":3,\"kdfMemory\":1,\"kdfParallelism\":1}",
                "{\"kdf\":1,\"kdfIterations\":3,\"kdfMemory\":64000,\"kdfParallelism\":4}",
                "{\"kdf\":0}",
                "{\"kdf\":0,\"kdfIterations\":600000,\"kdfSettings\":{\"kdfType\":0,\"iterations\":2}}"
            })
    void nothingIsSentToAServerThatAsksForAWeakDerivation(String settings) {
        // Given
        prelogin = settings;

        // When
        LoginRefusedException refusal = refusalOf(password());

        // Then
        assertThat(refusal.reason()).isEqualTo(Reason.WEAK_KEY_DERIVATION);
        assertThat(server.seen()).extracting(FakeServer.Seen::path).doesNotContain("/identity/connect/token");
    }

    @Test
    void preloginFallsBackToTheOldPath() {
        // Given
        server.answerWith(request ->
                request.path().equals("/identity/accounts/prelogin") ? Reply.json(200, CHEAP) : Reply.json(404, ""));

        // When
        client.prelogin("a@b");

        // Then
        assertThat(server.seen())
                .extracting(FakeServer.Seen::path)
                .isEqualTo(List.of("/identity/accounts/prelogin/password", "/identity/accounts/prelogin"));
    }

    @Test
    void keyOfAnOrganizationIsRefusedWithAnExplanation() {
        // When
        Throwable thrown = catchThrowable(() -> ApiKeyCredentials.of("organization.abc", "secret"));

        // Then
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("user.");
    }
}

package io.vaultferry.bitwarden.client;

import io.vaultferry.bitwarden.client.TokenAnswers.Grant;
import io.vaultferry.bitwarden.crypto.MasterKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One Bitwarden-compatible server: what it is, and logging in to it. Thread-safe; closing it breaks off what its
 * sessions are doing.
 *
 * <p>Every method throws one of {@link BitwardenException}.
 */
public final class BitwardenServer implements AutoCloseable {
    private static final String CLIENT_ID = "cli";

    private final ServerAddress address;
    private final ClientSettings settings;
    private final HttpTransport transport;
    private final ApiCaller caller;
    private final Clock clock;
    private volatile ServerInfo info;

    BitwardenServer(ServerAddress address, ClientSettings settings, HostResolver resolver, Clock clock) {
        this.address = address;
        this.settings = settings;
        this.clock = clock;
        this.transport = new HttpTransport(
                settings,
                new OutboundGuard(settings.allowInsecureServers(), resolver),
                List.of(Origin.of(address.apiUrl()), Origin.of(address.identityUrl())));
        this.caller = new ApiCaller(transport, clock);
    }

    /**
     * Does not call the server yet.
     *
     * @throws IllegalArgumentException when the file of certificates cannot be used
     */
    public static BitwardenServer at(ServerAddress address, ClientSettings settings) {
        return new BitwardenServer(address, settings, HostResolver.ofSystem(), Clock.systemUTC());
    }

    public ServerAddress address() {
        return address;
    }

    /** Asked once, then remembered. */
    public ServerInfo info() {
        ServerInfo known = info;
        if (known == null) {
            JsonObject config =
                    caller.call(read("ask the server what it is", api("/config")), body -> json(body, "config"));
            known = Answers.serverInfo(config, address.isBitwardenCloud());
            if (known.kind() == ServerKind.VAULTWARDEN) {
                known = new ServerInfo(known.kind(), known.version(), vaultwardensOwnVersion());
            }
            info = known;
        }
        return known;
    }

    private Optional<String> vaultwardensOwnVersion() {
        try {
            Object version = caller.call(read("ask the server for its version", api("/version")), JsonTree::read);
            return version instanceof String text
                    ? Optional.of(ServerText.clean(text)).filter(t -> !t.isEmpty())
                    : Optional.empty();
        } catch (NotFoundException | ProtocolViolationException e) {
            return Optional.empty();
        }
    }

    /** What this kind of server can do. */
    public ServerProfile profile() {
        return ServerProfile.of(info());
    }

    /**
     * How the account's master key is derived.
     *
     * @throws LoginRefusedException when the server names settings that are too weak or too costly
     */
    public Prelogin prelogin(String email) {
        Payload payload = Payload.json(JsonTree.object("email", email.strip()));
        String attempt = "ask how the account's key is derived";
        JsonObject answer;
        try {
            answer = caller.call(
                    post(attempt, Call.Effect.NONE, identity("/accounts/prelogin/password"), payload),
                    body -> json(body, "prelogin"));
        } catch (NotFoundException e) {
            // Servers from before 2025.12 know only this one.
            answer = caller.call(
                    post(attempt, Call.Effect.NONE, identity("/accounts/prelogin"), payload),
                    body -> json(body, "prelogin"));
        }
        return TokenAnswers.prelogin(answer);
    }

    /** Derives the master key, which takes a moment and up to a gigabyte of memory, as the account is set up. */
    public Login logIn(PasswordCredentials credentials) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "password");
        form.put("username", credentials.email());
        form.put("password", masterPasswordHash(credentials));
        form.put("scope", "api offline_access");
        form.put("client_id", CLIENT_ID);
        putDevice(form);
        credentials.twoFactorCode().ifPresent(code -> {
            form.put("twoFactorToken", code);
            form.put(
                    "twoFactorProvider",
                    String.valueOf(credentials.twoFactorProvider().code()));
            form.put("twoFactorRemember", "0");
        });
        credentials.newDeviceCode().ifPresent(code -> form.put("newDeviceOtp", code));
        Grant grant = credentials.twoFactorCode().isPresent() ? Grant.PASSWORD_WITH_CODE : Grant.PASSWORD;
        return TokenAnswers.login(token("log in", form, grant), clock.instant());
    }

    /** Gives tokens and wrapped keys; whether the master password fits shows only when they are unlocked. */
    public Login logIn(ApiKeyCredentials credentials) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("client_id", credentials.clientId());
        form.put("client_secret", credentials.clientSecret());
        form.put("scope", "api");
        putDevice(form);
        return TokenAnswers.login(token("log in by API key", form, Grant.API_KEY), clock.instant());
    }

    /** @throws LoginRefusedException with {@code SESSION_ENDED} when the token is not accepted any more */
    public Tokens refresh(RefreshToken refreshToken) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("client_id", CLIENT_ID);
        form.put("refresh_token", refreshToken.reveal());
        return TokenAnswers.tokens(token("renew the session", form, Grant.REFRESH), clock.instant());
    }

    /**
     * What the server takes for the master password when it wants it again, for example to delete an organization. As
     * secret as the password itself.
     */
    public String masterPasswordHash(PasswordCredentials credentials) {
        Prelogin prelogin = prelogin(credentials.email());
        String salt = prelogin.salt().orElse(credentials.email());
        try (MasterKey key = MasterKey.derive(prelogin.kdf(), credentials.masterPassword(), salt)) {
            return key.authenticationHash(credentials.masterPassword());
        }
    }

    /** Calls in the name of whoever the tokens were given to. */
    public BitwardenSession session(AccessTokens tokens) {
        return new BitwardenSession(this, caller, tokens, settings);
    }

    private void putDevice(Map<String, String> form) {
        form.put("deviceType", "25");
        form.put("deviceIdentifier", settings.deviceIdentifier().toString());
        form.put("deviceName", "vaultferry");
    }

    private JsonObject token(String attempt, Map<String, String> form, Grant grant) {
        Call call = post(attempt, Call.Effect.FLEETING, identity("/connect/token"), Payload.form(form));
        return caller.callForToken(call, body -> json(body, "token"), refusal -> TokenAnswers.refusal(refusal, grant));
    }

    private Call read(String attempt, URI uri) {
        return new Call(
                attempt, Call.Effect.NONE, "GET", uri, Optional.empty(), Payload.NONE, settings.requestTimeout());
    }

    private Call post(String attempt, Call.Effect effect, URI uri, Payload payload) {
        return new Call(attempt, effect, "POST", uri, Optional.empty(), payload, settings.requestTimeout());
    }

    private URI identity(String path) {
        return URI.create(address.identityUrl() + path);
    }

    URI api(String path) {
        return URI.create(address.apiUrl() + path);
    }

    static JsonObject json(InputStream body, String what) throws IOException {
        return JsonObject.of(JsonTree.read(body), what);
    }

    @Override
    public void close() {
        transport.close();
    }

    @Override
    public String toString() {
        return "BitwardenServer[" + address + "]";
    }
}

package io.vaultferry.orchestrator.connections;

import io.vaultferry.bitwarden.client.AccessToken;
import io.vaultferry.bitwarden.client.ApiKeyCredentials;
import io.vaultferry.bitwarden.client.BitwardenException;
import io.vaultferry.bitwarden.client.BitwardenServer;
import io.vaultferry.bitwarden.client.ForbiddenTargetException;
import io.vaultferry.bitwarden.client.LoginRefusedException;
import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.client.ProtocolViolationException;
import io.vaultferry.bitwarden.client.RateLimitedException;
import io.vaultferry.bitwarden.client.RefreshToken;
import io.vaultferry.bitwarden.client.RefusedException;
import io.vaultferry.bitwarden.client.ServerAddress;
import io.vaultferry.bitwarden.client.Tokens;
import io.vaultferry.bitwarden.client.UnauthorizedException;
import io.vaultferry.bitwarden.client.UnavailableException;
import io.vaultferry.bitwarden.client.UnknownOutcomeException;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * The access token of each connection: in memory only, shared by everybody who asks, renewed by one of them at a time.
 * Thread-safe.
 */
@ApplicationScoped
class AccountSessions {

    private static final Logger LOG = Logger.getLogger(AccountSessions.class);

    /** A token is renewed this long before its end, or for the last third of its life when that is shorter. */
    private static final Duration MARGIN = Duration.ofSeconds(60);

    private final ConnectionStore store;
    private final Servers servers;
    private final LoginGate gate;
    private final InstantSource clock = InstantSource.system();
    private final Map<ConnectionId, Session> sessions = new ConcurrentHashMap<>();

    AccountSessions(ConnectionStore store, Servers servers, LoginGate gate) {
        this.store = store;
        this.servers = servers;
        this.gate = gate;
    }

    /** Takes over the token of the login that made a connection. */
    void begin(ConnectionId id, AccessToken token) {
        Session session = sessions.computeIfAbsent(id, key -> new Session());
        session.lock.lock();
        try {
            session.accept(token, clock.instant());
        } finally {
            session.lock.unlock();
        }
    }

    /** Forgets a connection's token. */
    void end(ConnectionId id) {
        sessions.remove(id);
    }

    /**
     * A token that is good for a while.
     *
     * @param rejectedSha256 hexadecimal SHA-256 of a token that the server rejected. It leads to a new one only when it is
     *     the present one: whoever comes later with the same gets the one that was made since
     * @throws ProblemException CREDENTIALS_REJECTED when the server no longer accepts what is stored; or why it cannot be
     *     asked now
     */
    AccessToken token(ConnectionRecord connection, Optional<String> rejectedSha256) {
        Session session = sessions.computeIfAbsent(connection.id(), key -> new Session());
        session.lock.lock();
        try {
            if (session.isGood(clock.instant())
                    && !rejectedSha256.map(session::is).orElse(false)) {
                return session.token;
            }
            Instant asked = clock.instant();
            AccessToken renewed = renew(connection.id());
            session.accept(renewed, asked);
            return renewed;
        } finally {
            session.lock.unlock();
        }
    }

    @SuppressWarnings("try") // The permit is only held, never asked.
    private AccessToken renew(ConnectionId id) {
        // Read again under the lock: another renewal may have replaced the refresh token since the caller read it.
        ConnectionRecord connection = store.find(id)
                .orElseThrow(() ->
                        ProblemException.of(ProblemCode.CREDENTIALS_REJECTED, "The connection has been deleted."));
        String account = LoginGate.account(connection.serverUrl(), loginNameOf(connection));
        gate.requireNotRefused(account);
        try (LoginGate.Permit permit = gate.enter(account);
                BitwardenServer server =
                        servers.open(ServerAddress.of(connection.serverUrl()), connection.deviceIdentifier())) {
            AccessToken renewed = switch (connection.credential()) {
                case ConnectionRecord.ApiKey key ->
                    server.logIn(ApiKeyCredentials.of(key.clientId(), key.clientSecret()))
                            .accessToken();
                case ConnectionRecord.Refresh refresh -> refresh(connection, refresh, server);
            };
            LOG.infof("connection %s has a new access token", id);
            return renewed;
        } catch (BitwardenException e) {
            throw problemOf(e, id, account);
        }
    }

    private AccessToken refresh(ConnectionRecord connection, ConnectionRecord.Refresh refresh, BitwardenServer server) {
        Tokens tokens = server.refresh(RefreshToken.of(refresh.token()));
        tokens.refreshToken()
                .map(RefreshToken::reveal)
                .filter(newest -> !newest.equals(refresh.token()))
                .ifPresent(newest ->
                        store.change(connection.id(), present -> present.with(new ConnectionRecord.Refresh(newest))));
        return tokens.accessToken();
    }

    private static String loginNameOf(ConnectionRecord connection) {
        return switch (connection.credential()) {
            case ConnectionRecord.ApiKey key -> key.clientId();
            case ConnectionRecord.Refresh refresh -> connection.email();
        };
    }

    private ProblemException problemOf(BitwardenException exception, ConnectionId id, String account) {
        return switch (exception) {
            case LoginRefusedException refused -> rejected(id, account, refused);
            case UnauthorizedException unauthorized -> rejected(id, account, unauthorized);
            case RefusedException refused -> rejected(id, account, refused);
            case RateLimitedException limited -> {
                gate.lockOut(account, limited.retryAfter());
                yield ProblemException.of(ProblemCode.RATE_LIMITED, "The server limits logins of this account.")
                        .retryAfter(limited.retryAfter());
            }
            case UnavailableException unavailable -> unreachable();
            case UnknownOutcomeException unknown -> unreachable();
            case ForbiddenTargetException forbidden ->
                ProblemException.of(ProblemCode.FORBIDDEN_TARGET, forbidden.getMessage());
            case NotFoundException notFound -> notUnderstood();
            case ProtocolViolationException violation -> notUnderstood();
        };
    }

    private ProblemException rejected(ConnectionId id, String account, BitwardenException exception) {
        gate.refused(account);
        LOG.warnf("connection %s: the server no longer accepts the stored credentials", id);
        return ProblemException.of(
                ProblemCode.CREDENTIALS_REJECTED,
                "The server no longer accepts the stored credentials. Give new ones with PUT /api/v1/connections/" + id
                        + "/credentials. " + exception.getMessage());
    }

    private static ProblemException unreachable() {
        return ProblemException.of(
                        ProblemCode.SERVER_UNREACHABLE, "The server cannot be reached to renew the access token.")
                .retryAfter(Duration.ofSeconds(5));
    }

    private static ProblemException notUnderstood() {
        return ProblemException.of(
                ProblemCode.UNSUPPORTED_SERVER,
                "The server answered the renewal of the access token in a way that Vaultferry does not understand.");
    }

    /** How a rejected token is named without being shown: in hexadecimal. */
    static String sha256Of(AccessToken token) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(token.reveal().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Guarded by its lock. */
    private static final class Session {
        private final ReentrantLock lock = new ReentrantLock();
        private AccessToken token;
        private Instant goodUntil;

        void accept(AccessToken accepted, Instant askedAt) {
            Duration aThird = Duration.between(askedAt, accepted.expiresAt()).dividedBy(3);
            token = accepted;
            goodUntil = accepted.expiresAt().minus(aThird.compareTo(MARGIN) < 0 ? aThird : MARGIN);
        }

        boolean isGood(Instant now) {
            return token != null && now.isBefore(goodUntil);
        }

        boolean is(String sha256) {
            return token != null && sha256.equalsIgnoreCase(sha256Of(token));
        }
    }
}

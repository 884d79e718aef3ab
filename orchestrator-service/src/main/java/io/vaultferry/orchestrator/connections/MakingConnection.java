package io.vaultferry.orchestrator.connections;

import io.vaultferry.bitwarden.client.ApiKeyCredentials;
import io.vaultferry.bitwarden.client.BitwardenException;
import io.vaultferry.bitwarden.client.BitwardenServer;
import io.vaultferry.bitwarden.client.Login;
import io.vaultferry.bitwarden.client.PasswordCredentials;
import io.vaultferry.bitwarden.client.RateLimitedException;
import io.vaultferry.bitwarden.client.ServerAddress;
import io.vaultferry.bitwarden.client.ServerInfo;
import io.vaultferry.bitwarden.client.UnlockedAccount;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.RevealKeyBytes;
import io.vaultferry.contracts.ServerFacts;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Logs in, unlocks the account's keys, keeps what a migration will need, and forgets the master password. Whatever fails
 * on the way leaves nothing behind here.
 */
@ApplicationScoped
class MakingConnection {

    private static final Logger LOG = Logger.getLogger(MakingConnection.class);

    private final Servers servers;
    private final LoginGate gate;
    private final ConnectionStore store;
    private final AccountSessions sessions;

    MakingConnection(Servers servers, LoginGate gate, ConnectionStore store, AccountSessions sessions) {
        this.servers = servers;
        this.gate = gate;
        this.store = store;
        this.sessions = sessions;
    }

    /** @throws ProblemException that names the field at fault */
    ConnectionRecord make(ConnectionRequest request) {
        request.credentials().requireComplete();
        ServerAddress address = addressOf(request.serverUrl());
        ConnectionRecord connection = open(
                address,
                UUID.randomUUID(),
                request.credentials(),
                ConnectionId.make(),
                request.name().strip(),
                store::add);
        LOG.infof(
                "connection %s made: %s %s",
                connection.id(), connection.server().kind(), connection.server().version());
        return connection;
    }

    /**
     * Replaces what the server no longer accepts. The connection stays the same for the migrations that use it.
     *
     * @return empty when the connection has been deleted meanwhile
     * @throws ProblemException that names the field at fault, also when the credentials are of another account
     */
    Optional<ConnectionRecord> renew(ConnectionRecord connection, CredentialsRequest credentials) {
        credentials.requireComplete();
        AtomicReference<ConnectionRecord> stored = new AtomicReference<>();
        open(
                ServerAddress.of(connection.serverUrl()),
                connection.deviceIdentifier(),
                credentials,
                connection.id(),
                connection.name(),
                renewed -> {
                    if (!renewed.userId().equals(connection.userId())) {
                        throw ProblemException.ofField(
                                ProblemCode.INVALID_FIELD,
                                "credentials",
                                "These are the credentials of another account. Give those of the account that the connection"
                                        + " was made with, or make a new connection.");
                    }
                    stored.set(store.change(connection.id(), present -> renewed.madeAt(present.createdAt()))
                            .orElse(null));
                });
        LOG.infof("connection %s has new credentials", connection.id());
        return Optional.ofNullable(stored.get());
    }

    /** Logs in and unlocks; what comes out is first stored and then used, and nothing stays when storing fails. */
    @SuppressWarnings("try") // The permit is only held, never asked.
    private ConnectionRecord open(
            ServerAddress address,
            UUID deviceIdentifier,
            CredentialsRequest credentials,
            ConnectionId id,
            String name,
            Consumer<ConnectionRecord> storing) {
        String account = LoginGate.account(address.toString(), loginNameOf(credentials));
        try (LoginGate.Permit permit = gate.enter(account);
                BitwardenServer server = servers.open(address, deviceIdentifier)) {
            ServerInfo info = contact(server);
            Login login = logIn(server, credentials, account);
            ConnectionRecord connection = unlock(credentials, id, name, address, deviceIdentifier, server, info, login);
            storing.accept(connection);
            gate.accepted(account);
            sessions.begin(id, login.accessToken());
            return connection;
        }
    }

    private static ServerAddress addressOf(String url) {
        try {
            return ServerAddress.of(url);
        } catch (IllegalArgumentException e) {
            throw ProblemException.ofField(ProblemCode.INVALID_FIELD, "serverUrl", e.getMessage());
        }
    }

    private static String loginNameOf(CredentialsRequest credentials) {
        return switch (credentials.type()) {
            case PASSWORD -> credentials.email();
            case API_KEY -> credentials.clientId();
        };
    }

    private static ServerInfo contact(BitwardenServer server) {
        try {
            return server.info();
        } catch (BitwardenException e) {
            throw LoginProblems.whileContacting(e);
        }
    }

    private Login logIn(BitwardenServer server, CredentialsRequest credentials, String account) {
        try {
            return switch (credentials.type()) {
                case PASSWORD -> {
                    try (PasswordCredentials password = PasswordCredentials.of(
                                    credentials.email(),
                                    credentials.masterPassword().characters());
                            PasswordCredentials complete = credentials.totp() == null
                                    ? password
                                    : password.withAuthenticatorCode(credentials.totp())) {
                        yield server.logIn(complete);
                    }
                }
                case API_KEY -> server.logIn(apiKeyOf(credentials));
            };
        } catch (BitwardenException e) {
            if (e instanceof RateLimitedException limited) {
                gate.lockOut(account, limited.retryAfter());
            }
            throw LoginProblems.whileLoggingIn(e);
        }
    }

    private static ApiKeyCredentials apiKeyOf(CredentialsRequest credentials) {
        try {
            return ApiKeyCredentials.of(credentials.clientId(), credentials.clientSecret());
        } catch (IllegalArgumentException e) {
            throw ProblemException.ofField(ProblemCode.INVALID_FIELD, "credentials.clientId", e.getMessage());
        }
    }

    private static ConnectionRecord unlock(
            CredentialsRequest credentials,
            ConnectionId id,
            String name,
            ServerAddress address,
            UUID deviceIdentifier,
            BitwardenServer server,
            ServerInfo info,
            Login login) {
        try (UnlockedAccount account = UnlockedAccount.unlock(
                server, login, credentials.masterPassword().characters())) {
            byte[] privateKey = account.privateKey().reveal(RevealKeyBytes.iKnowThatThisExposesKeyMaterial());
            try {
                return new ConnectionRecord(
                        id,
                        name,
                        address.toString(),
                        new ServerFacts(info.kind().name(), info.shownVersion()),
                        deviceIdentifier,
                        account.userId().value(),
                        account.email(),
                        credentialToKeep(credentials, login),
                        Base64.getEncoder().encodeToString(privateKey),
                        account.organizations().stream()
                                .map(ConnectionRecord.Organization::of)
                                .toList(),
                        Instant.now().truncatedTo(ChronoUnit.MICROS));
            } finally {
                Arrays.fill(privateKey, (byte) 0);
            }
        } catch (BitwardenException e) {
            throw LoginProblems.whileUnlocking(e, credentials.type());
        } catch (CryptoException e) {
            throw LoginProblems.whileUnlocking(e);
        }
    }

    private static ConnectionRecord.Credential credentialToKeep(CredentialsRequest credentials, Login login) {
        return switch (credentials.type()) {
            case API_KEY ->
                new ConnectionRecord.ApiKey(
                        credentials.clientId().strip(),
                        credentials.clientSecret().strip());
            case PASSWORD ->
                new ConnectionRecord.Refresh(login.refreshToken()
                        .orElseThrow(() -> ProblemException.ofField(
                                ProblemCode.UNSUPPORTED_SERVER,
                                "credentials",
                                "The server gave no refresh token. Use the account's API key instead."))
                        .reveal());
        };
    }
}

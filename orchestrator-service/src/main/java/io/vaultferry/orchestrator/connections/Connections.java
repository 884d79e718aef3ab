package io.vaultferry.orchestrator.connections;

import io.vaultferry.bitwarden.client.AccessToken;
import io.vaultferry.bitwarden.client.AccessTokens;
import io.vaultferry.bitwarden.client.BitwardenException;
import io.vaultferry.bitwarden.client.BitwardenServer;
import io.vaultferry.bitwarden.client.Profile;
import io.vaultferry.bitwarden.client.RateLimitedException;
import io.vaultferry.bitwarden.client.ServerAddress;
import io.vaultferry.bitwarden.client.UnauthorizedException;
import io.vaultferry.bitwarden.client.UnavailableException;
import io.vaultferry.bitwarden.client.UnknownOutcomeException;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.PrivateKey;
import io.vaultferry.bitwarden.crypto.PublicKey;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.contracts.ServerFacts;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import io.vaultferry.orchestrator.custody.SealBrokenException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** What other packages of the orchestrator may ask about connections, and have from them. */
@ApplicationScoped
public class Connections {

    private static final Logger LOG = Logger.getLogger(Connections.class);

    private final ConnectionStore store;
    private final AccountSessions sessions;
    private final Servers servers;

    Connections(ConnectionStore store, AccountSessions sessions, Servers servers) {
        this.store = store;
        this.sessions = sessions;
        this.servers = servers;
    }

    /**
     * Asks the server afresh what the account sees there. Talks to the server: not for use inside a transaction.
     *
     * @param field what the caller named the connection in its request, for problems, for example
     *     {@code source.connection}
     * @throws ProblemException when there is no such connection, or its server cannot be asked
     */
    public Account account(ConnectionId id, String field) {
        ConnectionRecord connection = find(id).orElseThrow(() -> ProblemException.ofField(
                ProblemCode.INVALID_FIELD, field, "There is no connection " + id + ". See GET /api/v1/connections."));
        return accountOf(seenAfresh(connection));
    }

    /**
     * Keeps a connection from being deleted until the caller's transaction ends, so that a migration that refers to it can
     * be stored.
     *
     * @throws ProblemException when it has been deleted
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void hold(ConnectionId id, String field) {
        if (!store.hold(id)) {
            throw ProblemException.ofField(
                    ProblemCode.INVALID_FIELD, field, "There is no connection " + id + " any more.");
        }
    }

    /**
     * Finds an organization that the account may migrate.
     *
     * @param field what the caller named the organization in its request, for example {@code source.organization}
     * @throws ProblemException when the account does not see it, or is not an owner or administrator of it
     */
    public static Organization requireOrganization(Account account, String organizationId, String field) {
        Organization organization = account.organizations().stream()
                .filter(candidate -> candidate.id().equals(organizationId))
                .findFirst()
                .orElseThrow(() -> ProblemException.ofField(
                        ProblemCode.ORGANIZATION_NOT_FOUND,
                        field,
                        "The account is not a confirmed member of an organization of this id."));
        switch (organization.role()) {
            case OWNER, ADMIN -> {}
            case USER ->
                throw ProblemException.ofField(
                        ProblemCode.RIGHTS_MISSING,
                        field,
                        "This account is a plain member of the organization. Connect with the account of an owner or"
                                + " administrator.");
            case CUSTOM ->
                throw ProblemException.ofField(
                        ProblemCode.RIGHTS_MISSING,
                        field,
                        "This account has a custom role in the organization. Connect with the account of an owner or"
                                + " administrator.");
        }
        if (!organization.enabled()) {
            throw ProblemException.ofField(
                    ProblemCode.RIGHTS_MISSING, field, "The organization is disabled on its server.");
        }
        if (!organization.keyReadable()) {
            throw ProblemException.ofField(
                    ProblemCode.UNSUPPORTED_ENCRYPTION,
                    field,
                    "The account has the organization's key only through a provider. Connect with the account of a member.");
        }
        return organization;
    }

    /** Whether two accounts are on the same server, as far as their addresses tell. */
    public static boolean sameServer(Account one, Account other) {
        return one.serverUrl().equalsIgnoreCase(other.serverUrl());
    }

    /**
     * Whether two organizations are one. Ids are random, so equal ids mean the same organization even where the addresses
     * differ: the server has two names, or one server is a copy of the other, whose two organizations cannot be told apart.
     */
    public static boolean sameOrganization(String oneId, String otherId) {
        return oneId.equalsIgnoreCase(otherId);
    }

    /**
     * What a participant needs to act as the account.
     *
     * @param rejectedTokenSha256 see {@link io.vaultferry.contracts.grant.GrantRequest}
     * @throws ProblemException CREDENTIALS_REJECTED when the server no longer accepts what is stored
     */
    public AccessToken accessToken(ConnectionId id, Optional<String> rejectedTokenSha256) {
        return sessions.token(require(id), rejectedTokenSha256);
    }

    /**
     * The key of an organization; the caller closes it. An organization that was made since is looked for on the server.
     *
     * @throws ProblemException when the account does not see the organization, or its key does not open
     */
    public SymmetricKey organizationKey(ConnectionId id, String organizationId) {
        ConnectionRecord connection = require(id);
        ConnectionRecord.Organization organization = connection
                .organization(organizationId)
                .filter(known -> known.wrappedKey() != null)
                .or(() -> seenAfresh(connection).organization(organizationId))
                .orElseThrow(() -> ProblemException.of(
                        ProblemCode.ORGANIZATION_NOT_FOUND, "The account does not see the organization."));
        if (organization.wrappedKey() == null || organization.viaProvider()) {
            throw ProblemException.of(
                    ProblemCode.UNSUPPORTED_ENCRYPTION, "The server gives the account no key of the organization.");
        }
        try (PrivateKey privateKey = privateKeyOf(connection)) {
            return privateKey.unwrap(EncString.parse(organization.wrappedKey()));
        } catch (CryptoException e) {
            throw ProblemException.of(
                    ProblemCode.UNSUPPORTED_ENCRYPTION,
                    "The organization's key does not open with the account's private key.");
        }
    }

    /** The account's public key, from its private key: no server is asked for it. */
    public PublicKey publicKey(ConnectionId id) {
        try (PrivateKey privateKey = privateKeyOf(require(id))) {
            return privateKey.publicKey();
        }
    }

    private static PrivateKey privateKeyOf(ConnectionRecord connection) {
        return PrivateKey.takeOwnershipOf(Base64.getDecoder().decode(connection.privateKey()));
    }

    /** Where the account is and who it is. */
    public Identity identity(ConnectionId id) {
        ConnectionRecord connection = require(id);
        return new Identity(
                connection.serverUrl(), connection.userId(), connection.email(), connection.deviceIdentifier());
    }

    private ConnectionRecord require(ConnectionId id) {
        return find(id).orElseThrow(() ->
                ProblemException.of(ProblemCode.CREDENTIALS_REJECTED, "The connection " + id + " has been deleted."));
    }

    private Optional<ConnectionRecord> find(ConnectionId id) {
        try {
            return store.find(id);
        } catch (SealBrokenException e) {
            LOG.errorf("connection %s: what is stored does not open; it was altered or damaged", id);
            throw ProblemException.of(
                    ProblemCode.CONNECTION_DAMAGED,
                    "What is stored of connection " + id
                            + " was altered or damaged, and is not used. Delete it and make a new one.");
        }
    }

    private ConnectionRecord seenAfresh(ConnectionRecord connection) {
        AccessToken token = sessions.token(connection, Optional.empty());
        List<ConnectionRecord.Organization> organizations;
        try (BitwardenServer server =
                servers.open(ServerAddress.of(connection.serverUrl()), connection.deviceIdentifier())) {
            Profile profile = server.session(tokensOf(connection, token)).profile();
            organizations = profile.organizations().stream()
                    .map(ConnectionRecord.Organization::of)
                    .toList();
        } catch (BitwardenException e) {
            throw problemOf(e);
        }
        if (organizations.equals(connection.organizations())) {
            return connection;
        }
        return store.change(connection.id(), present -> present.with(organizations))
                .orElseGet(() -> connection.with(organizations));
    }

    private AccessTokens tokensOf(ConnectionRecord connection, AccessToken token) {
        return new AccessTokens() {
            @Override
            public AccessToken current() {
                return token;
            }

            @Override
            public AccessToken renew(AccessToken rejected) {
                return sessions.token(connection, Optional.of(AccountSessions.sha256Of(rejected)));
            }
        };
    }

    private static ProblemException problemOf(BitwardenException exception) {
        return switch (exception) {
            case RateLimitedException limited ->
                ProblemException.of(ProblemCode.RATE_LIMITED, "The server limits requests of this account.")
                        .retryAfter(limited.retryAfter());
            case UnavailableException unavailable -> unreachable();
            case UnknownOutcomeException unknown -> unreachable();
            case UnauthorizedException unauthorized ->
                ProblemException.of(
                        ProblemCode.CREDENTIALS_REJECTED, "The server does not let the account read its own profile.");
            default -> ProblemException.of(ProblemCode.UNSUPPORTED_SERVER, exception.getMessage());
        };
    }

    private static ProblemException unreachable() {
        return ProblemException.of(ProblemCode.SERVER_UNREACHABLE, "The server cannot be reached.")
                .retryAfter(Duration.ofSeconds(5));
    }

    private static Account accountOf(ConnectionRecord connection) {
        return new Account(
                connection.id(),
                connection.serverUrl(),
                connection.server(),
                connection.userId(),
                connection.organizations().stream()
                        .map(Connections::organizationOf)
                        .toList());
    }

    private static Organization organizationOf(ConnectionRecord.Organization organization) {
        Role role = switch (organization.role()) {
            case OWNER -> Role.OWNER;
            case ADMIN -> Role.ADMIN;
            case USER -> Role.USER;
            case MANAGER, CUSTOM -> Role.CUSTOM;
        };
        return new Organization(
                organization.id(),
                organization.name(),
                role,
                organization.enabled(),
                organization.wrappedKey() != null && !organization.viaProvider());
    }

    /** An account on a server, and what it sees there. */
    public record Account(
            ConnectionId connection,
            String serverUrl,
            ServerFacts server,
            String userId,
            List<Organization> organizations) {

        public Account {
            Objects.requireNonNull(connection, "connection");
            organizations = List.copyOf(organizations);
        }

        @Override
        public String toString() {
            return "Account[" + connection + "]";
        }
    }

    /**
     * An organization that an account is a confirmed member of.
     *
     * @param name for answers to the operator only; at rest it is always sealed
     * @param keyReadable whether its key is wrapped for the account itself
     */
    public record Organization(String id, String name, Role role, boolean enabled, boolean keyReadable) {

        @Override
        public String toString() {
            return "Organization[" + id + "]";
        }
    }

    /** The account's role in an organization. */
    public enum Role {
        OWNER,
        ADMIN,
        USER,
        CUSTOM
    }

    /** Where an account is, and who it is. */
    public record Identity(String serverUrl, String userId, String email, UUID deviceIdentifier) {

        @Override
        public String toString() {
            return "Identity[redacted]";
        }
    }
}

package io.vaultferry.participant;

import io.vaultferry.bitwarden.client.AccessToken;
import io.vaultferry.bitwarden.client.AccessTokens;
import io.vaultferry.bitwarden.client.BitwardenServer;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.ClientSettings;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.ServerAddress;
import io.vaultferry.bitwarden.client.UserId;
import io.vaultferry.bitwarden.crypto.PublicKey;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.grant.Grant;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** A grant in memory, with the keys and the connection that it gives. Thread-safe. */
final class HeldGrant implements AccessTokens {

    private final MigrationId migration;
    private final Side side;
    private final GrantClient client;
    private final StagingKey stagingKey;
    private final Optional<OrganizationId> organization;
    private final Optional<SymmetricKey> organizationKey;
    private final Optional<OrganizationToCreate> toCreate;
    private final UserId account;
    private final String accountEmail;
    private final BitwardenServer server;
    private final BitwardenSession session;
    /** Empty where this service is given the side's keys only, and may not act on its server. */
    private Optional<AccessToken> token;

    private HeldGrant(MigrationId migration, Grant grant, GrantClient client, ClientSettings settings) {
        this.migration = migration;
        this.side = grant.side();
        this.client = client;
        this.stagingKey = StagingKey.takeOwnershipOf(Base64.getDecoder().decode(grant.stagingKey()));
        this.organization = Optional.ofNullable(grant.organizationId()).map(OrganizationId::new);
        this.organizationKey = Optional.ofNullable(grant.organizationKey())
                .map(Base64.getDecoder()::decode)
                .map(SymmetricKey::takeOwnershipOf);
        this.toCreate = organization.isEmpty() && grant.newOrganizationName() != null
                ? Optional.of(new OrganizationToCreate(
                        grant.newOrganizationName(),
                        // The official clients propose the address of whoever creates the organization, too.
                        Objects.requireNonNullElse(grant.newOrganizationBillingEmail(), grant.email()),
                        PublicKey.fromBase64(grant.newOrganizationOwnerKey())))
                : Optional.empty();
        this.account = new UserId(grant.userId());
        this.accountEmail = grant.email();
        this.token = tokenOf(grant);
        this.server = BitwardenServer.at(
                ServerAddress.of(grant.serverUrl()),
                settings.withDeviceIdentifier(UUID.fromString(grant.deviceIdentifier())));
        this.session = server.session(this);
    }

    static HeldGrant fetch(MigrationId migration, Side side, GrantClient client, ClientSettings settings) {
        return new HeldGrant(migration, client.fetch(migration, side, Optional.empty()), client, settings);
    }

    @Override
    public synchronized AccessToken current() {
        return token.orElseThrow(() -> new IllegalStateException(
                "This service holds keys of the " + side + " only and may not call its server"));
    }

    @Override
    public synchronized AccessToken renew(AccessToken rejected) {
        // Whoever comes second, with the same rejected token, gets what the first one fetched.
        if (current().reveal().equals(rejected.reveal())) {
            token = tokenOf(client.fetch(migration, side, Optional.of(rejected)));
        }
        return current();
    }

    MigrationId migration() {
        return migration;
    }

    Side side() {
        return side;
    }

    BitwardenServer server() {
        return server;
    }

    BitwardenSession session() {
        return session;
    }

    StagingKey stagingKey() {
        return stagingKey;
    }

    Optional<OrganizationId> organization() {
        return organization;
    }

    Optional<SymmetricKey> organizationKey() {
        return organizationKey;
    }

    Optional<OrganizationToCreate> toCreate() {
        return toCreate;
    }

    UserId account() {
        return account;
    }

    String accountEmail() {
        return accountEmail;
    }

    void destroy() {
        server.close();
        organizationKey.ifPresent(SymmetricKey::close);
        stagingKey.close();
    }

    private static Optional<AccessToken> tokenOf(Grant grant) {
        return Optional.ofNullable(grant.accessToken()).map(text -> AccessToken.of(text, grant.expiresAt()));
    }

    @Override
    public String toString() {
        return "HeldGrant[" + migration + ", " + side + "]";
    }
}

package io.vaultferry.participant;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.ServerInfo;
import io.vaultferry.bitwarden.client.ServerProfile;
import io.vaultferry.bitwarden.client.UserId;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Side;
import java.util.Optional;

/**
 * Access to one side of one migration, for as long as it is open. Thread-safe.
 *
 * <p>The keys belong to the session: use them while it is open and never close them. Everything is in memory only, and is
 * destroyed some minutes after the last session of the migration and side was closed.
 */
public interface MigrationSession extends AutoCloseable {

    MigrationId migration();

    Side side();

    /** Talks to the server as the connection's account; renews its access token by itself. */
    BitwardenSession server();

    ServerInfo info();

    ServerProfile profile();

    /**
     * The organization.
     *
     * @throws IllegalStateException when it is still to be created
     */
    OrganizationId organization();

    /**
     * The organization's key.
     *
     * @throws IllegalStateException when it is still to be created
     */
    SymmetricKey organizationKey();

    /** What to create, while the target organization does not exist. */
    Optional<OrganizationToCreate> toCreate();

    /** The key under which this migration stages. */
    StagingKey stagingKey();

    /** The account that migrates. */
    UserId account();

    String accountEmail();

    /** Gives the session back. */
    @Override
    void close();
}

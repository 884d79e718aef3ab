package io.vaultferry.attachment.pace;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.Pace;
import io.vaultferry.bitwarden.client.ServerInfo;
import io.vaultferry.bitwarden.client.ServerProfile;
import io.vaultferry.bitwarden.client.UserId;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Side;
import io.vaultferry.participant.MigrationSession;
import io.vaultferry.participant.OrganizationToCreate;
import java.util.Optional;

/** A session whose requests wait for their turn. */
record PacedSession(MigrationSession session, BitwardenSession server) implements MigrationSession {

    PacedSession(MigrationSession session, Pace pace) {
        this(session, session.server().withPace(pace));
    }

    @Override
    public MigrationId migration() {
        return session.migration();
    }

    @Override
    public Side side() {
        return session.side();
    }

    @Override
    public ServerInfo info() {
        return session.info();
    }

    @Override
    public ServerProfile profile() {
        return session.profile();
    }

    @Override
    public OrganizationId organization() {
        return session.organization();
    }

    @Override
    public SymmetricKey organizationKey() {
        return session.organizationKey();
    }

    @Override
    public Optional<OrganizationToCreate> toCreate() {
        return session.toCreate();
    }

    @Override
    public StagingKey stagingKey() {
        return session.stagingKey();
    }

    @Override
    public UserId account() {
        return session.account();
    }

    @Override
    public String accountEmail() {
        return session.accountEmail();
    }

    @Override
    public void close() {
        session.close();
    }
}

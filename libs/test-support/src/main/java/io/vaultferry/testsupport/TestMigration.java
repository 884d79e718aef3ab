package io.vaultferry.testsupport;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import io.vaultferry.bitwarden.client.AccessToken;
import io.vaultferry.bitwarden.crypto.PrivateKey;
import io.vaultferry.bitwarden.crypto.RevealKeyBytes;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.grant.Grant;
import io.vaultferry.testsupport.migration.GrantingOrchestrator;
import java.time.Instant;
import java.util.Base64;

/** A migration as a participant sees it: an id, a staging key, and grants for its sides. */
public final class TestMigration implements AutoCloseable {

    private final MigrationId id = MigrationId.make();
    private final StagingKey stagingKey = StagingKey.make();
    private final Participant participant;

    /** @param participant whom the grants are for */
    public TestMigration(Participant participant) {
        this.participant = participant;
    }

    public MigrationId id() {
        return id;
    }

    public StagingKey stagingKey() {
        return stagingKey;
    }

    /** Lets the participant have the source organization's key, and not call its server. */
    public TestMigration grantSourceKey(TestServer server, TestOrganization organization) {
        return leave(new Grant(
                Side.SOURCE,
                server.url(),
                organization.id().value(),
                base64(organization.key()),
                null,
                Instant.now().plusSeconds(900),
                RecordedAccount.OWNER.id().value(),
                RecordedAccount.OWNER.email(),
                id.toString(),
                stagingKeyText(),
                null,
                null,
                null));
    }

    /** Lets the participant work on the target organization as its owner. */
    public TestMigration grantTarget(TestServer server, TestOrganization organization) {
        return grantTarget(server, organization, RecordedAccount.OWNER);
    }

    public TestMigration grantTarget(TestServer server, TestOrganization organization, RecordedAccount account) {
        AccessToken token = server.token(account);
        return leave(new Grant(
                Side.TARGET,
                server.url(),
                organization.id().value(),
                base64(organization.key()),
                token.reveal(),
                token.expiresAt(),
                account.id().value(),
                account.email(),
                id.toString(),
                stagingKeyText(),
                null,
                null,
                null));
    }

    /** Lets the participant create the target organization. */
    public TestMigration grantCreation(TestServer server, String name, String billingEmail) {
        AccessToken token = server.token(RecordedAccount.OWNER);
        String ownerKey;
        try (PrivateKey privateKey = RecordedAccount.OWNER.privateKey()) {
            ownerKey = privateKey.publicKey().base64();
        }
        return leave(new Grant(
                Side.TARGET,
                server.url(),
                null,
                null,
                token.reveal(),
                token.expiresAt(),
                RecordedAccount.OWNER.id().value(),
                RecordedAccount.OWNER.email(),
                id.toString(),
                stagingKeyText(),
                name,
                billingEmail,
                ownerKey));
    }

    private TestMigration leave(Grant grant) {
        GrantingOrchestrator.leave(participant, id, grant);
        return this;
    }

    private static String base64(SymmetricKey key) {
        return Base64.getEncoder().encodeToString(key.reveal(RevealKeyBytes.iKnowThatThisExposesKeyMaterial()));
    }

    private String stagingKeyText() {
        return Base64.getEncoder().encodeToString(stagingKey.reveal(InsecureSecretKeyAccess.get()));
    }

    /** Destroys the staging key. */
    @Override
    public void close() {
        stagingKey.close();
    }
}

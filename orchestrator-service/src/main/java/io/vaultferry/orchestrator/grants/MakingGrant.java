package io.vaultferry.orchestrator.grants;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import io.vaultferry.bitwarden.client.AccessToken;
import io.vaultferry.bitwarden.crypto.RevealKeyBytes;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.grant.Grant;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import io.vaultferry.orchestrator.connections.Connections;
import io.vaultferry.orchestrator.custody.MigrationKeys;
import io.vaultferry.orchestrator.custody.UnknownKeyException;
import io.vaultferry.orchestrator.migration.MigrationAccess;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Decides whether a participant may act for one side of a migration, and collects what it needs for that. */
@ApplicationScoped
class MakingGrant {

    /** A grant without a token ends too, so that its holder learns that the migration has ended. */
    private static final Duration LIFE_WITHOUT_TOKEN = Duration.ofMinutes(15);

    private final MigrationAccess migrations;
    private final MigrationKeys keys;
    private final Connections connections;

    MakingGrant(MigrationAccess migrations, MigrationKeys keys, Connections connections) {
        this.migrations = migrations;
        this.keys = keys;
        this.connections = connections;
    }

    /** @throws ProblemException when the migration is not in progress, or its server no longer lets the account in */
    Grant make(MigrationId migration, Side side, Participant participant, Optional<String> rejectedTokenSha256) {
        MigrationAccess.Party party = partyOf(migration, side);
        GrantRights rights = GrantRights.of(participant, side);
        Connections.Identity identity = connections.identity(party.connection());
        Optional<AccessToken> token = rights.accessToken()
                ? Optional.of(connections.accessToken(party.connection(), rejectedTokenSha256))
                : Optional.empty();
        Optional<MigrationAccess.NewOrganization> newOrganization =
                rights.newOrganization() ? party.newOrganization() : Optional.empty();
        return new Grant(
                side,
                identity.serverUrl(),
                party.organizationId().orElse(null),
                party.organizationId()
                        .map(organization -> organizationKey(party, organization))
                        .orElse(null),
                token.map(AccessToken::reveal).orElse(null),
                token.map(AccessToken::expiresAt).orElseGet(() -> Instant.now().plus(LIFE_WITHOUT_TOKEN)),
                identity.userId(),
                identity.email(),
                identity.deviceIdentifier().toString(),
                stagingKey(migration),
                newOrganization.map(MigrationAccess.NewOrganization::name).orElse(null),
                newOrganization
                        .flatMap(MigrationAccess.NewOrganization::billingEmail)
                        .orElse(null),
                newOrganization
                        .map(wanted -> connections.publicKey(party.connection()).base64())
                        .orElse(null));
    }

    private MigrationAccess.Party partyOf(MigrationId migration, Side side) {
        MigrationAccess.Parties parties = migrations
                .parties(migration)
                .orElseThrow(() -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no migration of this id."));
        return switch (parties.phase()) {
            case ACTIVE -> parties.on(side);
            case NOT_STARTED -> throw refused("The migration was not started.");
            case ENDED -> throw refused("The migration has ended.");
        };
    }

    private String organizationKey(MigrationAccess.Party party, String organization) {
        try (SymmetricKey key = connections.organizationKey(party.connection(), organization)) {
            return base64(key.reveal(RevealKeyBytes.iKnowThatThisExposesKeyMaterial()));
        }
    }

    private String stagingKey(MigrationId migration) {
        try (StagingKey key = keys.staging(migration)) {
            return base64(key.reveal(InsecureSecretKeyAccess.get()));
        } catch (UnknownKeyException e) {
            throw refused("The migration's keys are destroyed.");
        }
    }

    private static String base64(byte[] key) {
        try {
            return Base64.getEncoder().encodeToString(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static ProblemException refused(String detail) {
        return ProblemException.of(ProblemCode.GRANT_REFUSED, detail);
    }
}

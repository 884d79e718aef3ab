package io.vaultferry.claimcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.grant.Grant;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GrantSealTest {

    private static final String SECRET = "a secret of at least thirty-two characters";

    private final MigrationId migration = MigrationId.make();
    private final Grant grant = new Grant(
            Side.SOURCE,
            "https://vault.example.com",
            "organization",
            "the organization's key",
            "the access token",
            Instant.parse("2026-11-23T12:00:00Z"),
            "user",
            "owner@example.com",
            "device",
            "the staging key",
            null,
            null,
            null);

    @Test
    void theParticipantThatAskedOpensIt() {
        byte[] sealed = seal(SECRET, Participant.IMPORT).seal(migration, grant);

        assertThat(seal(SECRET, Participant.IMPORT).open(sealed, migration, Side.SOURCE))
                .isEqualTo(grant);
    }

    @Test
    void nothingOfItIsReadableOnTheWire() {
        byte[] sealed = seal(SECRET, Participant.IMPORT).seal(migration, grant);

        assertThat(new String(sealed, StandardCharsets.ISO_8859_1))
                .doesNotContain("the", "vault.example.com", "owner", "organization");
    }

    @Test
    void nobodyElseOpensItAndNotForAnythingElse() {
        byte[] sealed = seal(SECRET, Participant.IMPORT).seal(migration, grant);

        assertDoesNotOpen(seal(SECRET, Participant.EXPORT), sealed, migration, Side.SOURCE);
        assertDoesNotOpen(seal(SECRET, Participant.IMPORT), sealed, MigrationId.make(), Side.SOURCE);
        assertDoesNotOpen(seal(SECRET, Participant.IMPORT), sealed, migration, Side.TARGET);
        assertDoesNotOpen(seal(SECRET + "!", Participant.IMPORT), sealed, migration, Side.SOURCE);
    }

    @Test
    void theBearerIsNotTheSecretAndDoesNotOpenAnswers() {
        InternalToken token = InternalToken.of(SECRET);

        assertThat(token.bearer()).isNotEqualTo(SECRET).hasSize(43);
        assertThat(token.accepts(token.bearer())).isTrue();
        assertThat(token.accepts(SECRET)).isFalse();
        assertThat(token.accepts("")).isFalse();
        byte[] sealed = token.seal(new byte[] {1}, "answer");
        assertThatThrownBy(() -> InternalToken.of(token.bearer()).open(sealed, "answer"))
                .isInstanceOf(StagedDataDamagedException.class);
    }

    @Test
    void tokensThatCanBeGuessedAreRefused() {
        assertThatThrownBy(() -> InternalToken.of("changeme"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("changeme");
    }

    @Test
    void printsNothingSecret() {
        assertThat(InternalToken.of(SECRET)).hasToString("InternalToken[redacted]");
    }

    private static GrantSeal seal(String secret, Participant participant) {
        return new GrantSeal(InternalToken.of(secret), participant);
    }

    private static void assertDoesNotOpen(GrantSeal seal, byte[] sealed, MigrationId migration, Side side) {
        assertThatThrownBy(() -> seal.open(sealed, migration, side)).isInstanceOf(StagedDataDamagedException.class);
    }
}

package io.vaultferry.orchestrator.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.MigrationId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MigrationKeysTest {

    private static final MigrationId MIGRATION = MigrationId.make();
    private static final MigrationId OTHER = MigrationId.make();
    private static final String TEXT = "Müller & Söhne";

    private final MigrationKeys keys = new MigrationKeys(new KeysInMemory());
    private final SealedFacts facts = new SealedFacts(keys);

    MigrationKeysTest() {
        keys.make(MIGRATION);
        keys.make(OTHER);
    }

    @Test
    void stagingKeyIsTheSameEachTimeAndItsOwnForEachMigration() {
        // Given
        byte[] sealed;
        try (StagingKey key = keys.staging(MIGRATION)) {
            sealed = key.seal(utf8(TEXT), "what");
        }

        // When / Then
        try (StagingKey same = keys.staging(MIGRATION);
                StagingKey others = keys.staging(OTHER)) {
            assertThat(same.open(sealed, "what")).isEqualTo(utf8(TEXT));
            assertThatThrownBy(() -> others.open(sealed, "what")).isInstanceOf(StagedDataDamagedException.class);
        }
    }

    @Test
    void factIsOpenedOnlyAsWhatItWasSealed() {
        // When
        byte[] sealed = facts.seal(MIGRATION, "newOrganizationName", TEXT);

        // Then
        assertThat(facts.open(MIGRATION, "newOrganizationName", sealed)).isEqualTo(TEXT);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("ller");
        assertThatThrownBy(() -> facts.open(MIGRATION, "billingEmail", sealed)).isInstanceOf(SealBrokenException.class);
        assertThatThrownBy(() -> facts.open(OTHER, "newOrganizationName", sealed))
                .isInstanceOf(SealBrokenException.class);
    }

    @Test
    void participantsCannotOpenFactsWithTheStagingKey() {
        // Given
        byte[] sealed = facts.seal(MIGRATION, "newOrganizationName", TEXT);

        // When / Then
        try (StagingKey key = keys.staging(MIGRATION)) {
            assertThatThrownBy(() -> key.open(sealed, "migration|" + MIGRATION + "|newOrganizationName"))
                    .isInstanceOf(StagedDataDamagedException.class);
        }
    }

    @Test
    void destroyedKeyMakesEverythingUnreadableAndMayBeDestroyedAgain() {
        // Given
        byte[] sealed = facts.seal(MIGRATION, "newOrganizationName", TEXT);

        // When
        keys.destroy(MIGRATION);
        keys.destroy(MIGRATION);

        // Then
        assertThat(keys.exist(MIGRATION)).isFalse();
        assertThat(keys.exist(OTHER)).isTrue();
        assertThatThrownBy(() -> keys.staging(MIGRATION)).isInstanceOf(UnknownKeyException.class);
        assertThatThrownBy(() -> facts.open(MIGRATION, "newOrganizationName", sealed))
                .isInstanceOf(UnknownKeyException.class);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package io.vaultferry.attachment.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.crypto.AttachmentKeys.Generation;
import io.vaultferry.contracts.MigrationId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PassesTest {

    private final Lease lease = new Lease(MigrationId.make());

    @Test
    void aFileThatMovesAsItIsHasMovedWhenItWasReadBack() {
        // Given
        Passes passes = Passes.of(Generation.OWN_KEY_UNDER_ITEM_KEY, 100, lease);

        // When
        passes.sent(50);
        passes.sent(100);
        passes.readBack(50);
        passes.readBack(100);

        // Then
        assertThat(lease.bytesPassed()).containsExactly(25L, 50L, 75L, 100L);
    }

    @Test
    void aFileThatIsEncryptedAnewPassesOnceMore() throws IOException {
        // Given
        Passes passes = Passes.of(Generation.NO_OWN_KEY, 90, lease);

        // When
        passes.spooling(new ByteArrayInputStream(new byte[90])).readAllBytes();
        passes.sent(45);
        passes.sent(90);
        passes.readBack(90);

        // Then
        assertThat(lease.bytesPassed()).containsExactly(30L, 45L, 60L, 90L);
    }

    @Test
    void aSourceThatGivesMoreThanItSaidDoesNotMoveMoreThanTheFile() {
        Passes.of(Generation.OWN_KEY_UNDER_ORGANIZATION_KEY, 10, lease).sent(1_000);

        assertThat(lease.bytesPassed()).containsExactly(5L);
    }
}

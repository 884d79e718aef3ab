package io.vaultferry.importing.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.crypto.DecryptionFailedException;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.InvalidEncStringException;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.participant.journal.PlannedWrite;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectionWriteTest {

    private final SymmetricKey source = SymmetricKey.make();
    private final SymmetricKey target = SymmetricKey.make();

    @ParameterizedTest
    @ValueSource(strings = {"Support", "Größe/Ключи/鍵 🔑", "", " ", "A/B/C", "\u0000\uffff"})
    void theNameIsTheSameUnderTheOtherKey(String name) {
        // When
        PlannedWrite write =
                CollectionWrite.plan(collection(source.encryptText(name).text()), source, target);

        // Then
        assertThat(target.decryptText(EncString.parse(CollectionWrite.nameIn(write.payload()))))
                .isEqualTo(name);
        assertThat(write.token()).isEqualTo(CollectionWrite.nameIn(write.payload()));
        assertThat(write.sourceId()).isEqualTo("collection");
    }

    @Test
    void twoOfTheSameNameHaveTokensOfTheirOwn() {
        // Given
        Collection collection = collection(source.encryptText("Support").text());

        // Then
        assertThat(CollectionWrite.plan(collection, source, target).token())
                .isNotEqualTo(CollectionWrite.plan(collection, source, target).token());
    }

    @Test
    void aNameOfAnotherOrganizationDoesNotOpen() {
        // Given
        Collection collection = collection(target.encryptText("Support").text());

        // Then
        assertThatThrownBy(() -> CollectionWrite.plan(collection, source, target))
                .isInstanceOf(DecryptionFailedException.class);
    }

    @Test
    void aNameThatIsNotEncryptedIsRefused() {
        // Given
        Collection collection = collection("Support");

        // Then
        assertThatThrownBy(() -> CollectionWrite.plan(collection, source, target))
                .isInstanceOf(InvalidEncStringException.class)
                .hasMessageNotContaining("Support");
    }

    private static Collection collection(String name) {
        return new Collection(
                new CollectionId("collection"), name, Optional.of("external"), false, List.of(), List.of());
    }
}

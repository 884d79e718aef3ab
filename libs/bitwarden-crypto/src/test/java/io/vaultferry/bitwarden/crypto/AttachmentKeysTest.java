package io.vaultferry.bitwarden.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.bitwarden.crypto.AttachmentKeys.Generation;
import io.vaultferry.bitwarden.crypto.AttachmentKeys.Opened;
import io.vaultferry.bitwarden.crypto.AttachmentKeys.Source;
import io.vaultferry.bitwarden.crypto.AttachmentKeys.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttachmentKeysTest {
    private final SymmetricKey source = SymmetricKey.make();
    private final SymmetricKey target = SymmetricKey.make();
    private final SymmetricKey itemKey = SymmetricKey.make();
    private final SymmetricKey fileKey = SymmetricKey.make();

    private final Source third =
            new Source(source.wrap(itemKey), itemKey.wrap(fileKey), itemKey.encryptText("report.pdf"));
    private final Source second = new Source(null, source.wrap(fileKey), source.encryptText("report.pdf"));
    private final Source first = new Source(null, null, source.encryptText("report.pdf"));
    private final Source firstInKeyedItem = new Source(source.wrap(itemKey), null, itemKey.encryptText("report.pdf"));

    @AfterEach
    void closeKeys() {
        source.close();
        target.close();
        itemKey.close();
        fileKey.close();
    }

    @Test
    void everyGenerationOpens() {
        assertThatOpens(third, Generation.OWN_KEY_UNDER_ITEM_KEY, fileKey);
        assertThatOpens(second, Generation.OWN_KEY_UNDER_ORGANIZATION_KEY, fileKey);
        assertThatOpens(first, Generation.NO_OWN_KEY, source);
        assertThatOpens(firstInKeyedItem, Generation.NO_OWN_KEY, source);
    }

    @Test
    void closingAnOpenedFileOfTheFirstGenerationLeavesTheOrganizationsKey() {
        AttachmentKeys.open(first, source).close();
        assertThat(source.isDestroyed()).isFalse();
    }

    @Test
    void fileOfAnItemThatKeepsItsKeyMovesByteForByte() {
        Target moved = AttachmentKeys.moveToOrganization(third, source, target.wrap(itemKey), target, null);

        assertThat(moved.contentsUnchanged()).isTrue();
        assertThat(moved.key()).isEqualTo(third.attachmentKeyOrNull());
        assertThat(moved.fileName()).isEqualTo(third.fileName());
    }

    @Test
    void fileOfAnItemThatGotAnotherKeyIsWrappedAnew() {
        try (SymmetricKey otherItemKey = SymmetricKey.make()) {
            EncString targetItemKey = target.wrap(otherItemKey);
            Target moved = AttachmentKeys.moveToOrganization(third, source, targetItemKey, target, null);

            assertThat(moved.contentsUnchanged()).isTrue();
            assertThat(moved.key()).isNotEqualTo(third.attachmentKeyOrNull());
            assertThatOpensOnTarget(moved, targetItemKey, fileKey);
        }
    }

    @Test
    void fileOfTheSecondGenerationIsWrappedForTheTarget() {
        Target moved = AttachmentKeys.moveToOrganization(second, source, null, target, null);

        assertThat(moved.contentsUnchanged()).isTrue();
        assertThatOpensOnTarget(moved, null, fileKey);
    }

    @Test
    void fileOfTheFirstGenerationGetsTheNewKey() {
        try (SymmetricKey newKey = SymmetricKey.make()) {
            Target moved = AttachmentKeys.moveToOrganization(first, source, null, target, newKey);

            assertThat(moved.contentsUnchanged()).isFalse();
            assertThatOpensOnTarget(moved, null, newKey);
        }
    }

    @Test
    void fileOfTheFirstGenerationInAKeyedItemKeepsItsNameAndGetsTheNewKey() {
        try (SymmetricKey newKey = SymmetricKey.make()) {
            EncString targetItemKey = target.wrap(itemKey);
            Target moved = AttachmentKeys.moveToOrganization(firstInKeyedItem, source, targetItemKey, target, newKey);

            assertThat(moved.contentsUnchanged()).isFalse();
            assertThat(moved.fileName()).isEqualTo(firstInKeyedItem.fileName());
            assertThatOpensOnTarget(moved, targetItemKey, newKey);
        }
    }

    @Test
    void fileWithoutAKeyIsNotMovedWithoutANewOne() {
        assertThatThrownBy(() -> AttachmentKeys.moveToOrganization(first, source, null, target, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatDoesNotOpenIsNamed() {
        Source wrongName = new Source(null, source.wrap(fileKey), target.encryptText("x"));
        Source wrongKey = new Source(null, target.wrap(fileKey), source.encryptText("x"));
        Source wrongItemKey = new Source(target.wrap(itemKey), itemKey.wrap(fileKey), itemKey.encryptText("x"));
        assertThatThrownBy(() -> AttachmentKeys.open(wrongName, source))
                .isInstanceOf(DecryptionFailedException.class)
                .hasMessage("fileName: Decryption failed.");
        assertThatThrownBy(() -> AttachmentKeys.open(wrongKey, source))
                .isInstanceOf(DecryptionFailedException.class)
                .hasMessage("attachmentKey: Decryption failed.");
        assertThatThrownBy(() -> AttachmentKeys.open(wrongItemKey, source))
                .isInstanceOf(DecryptionFailedException.class)
                .hasMessage("key: Decryption failed.");
    }

    private void assertThatOpens(Source file, Generation generation, SymmetricKey contentKey) {
        try (Opened opened = AttachmentKeys.open(file, source)) {
            assertThat(opened.generation()).isEqualTo(generation);
            assertThat(opened.fileName()).isEqualTo("report.pdf");
            assertThat(opened.contentKey().sameAs(contentKey)).isTrue();
            assertThat(opened.toString()).doesNotContain("report");
        }
    }

    private void assertThatOpensOnTarget(Target moved, EncString targetItemKey, SymmetricKey contentKey) {
        try (Opened opened = AttachmentKeys.open(new Source(targetItemKey, moved.key(), moved.fileName()), target)) {
            assertThat(opened.fileName()).isEqualTo("report.pdf");
            assertThat(opened.contentKey().sameAs(contentKey)).isTrue();
        }
    }
}

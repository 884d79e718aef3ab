package io.vaultferry.importing.domain;

import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ServerProfile;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.ItemCrypto;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.bitwarden.crypto.UnsupportedEncryptionException;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import java.util.Map;

/**
 * Decides, before anything is sent, whether an item can go to the target, and encrypts it for the target if so. One item
 * that a server refuses would spoil a whole chunk, so what is known to be refused is not sent.
 */
public final class ItemAdmission {

    private final ServerProfile target;
    private final MigrationOptions options;
    private final SymmetricKey sourceKey;
    private final SymmetricKey targetKey;

    public ItemAdmission(
            ServerProfile target, MigrationOptions options, SymmetricKey sourceKey, SymmetricKey targetKey) {
        this.target = target;
        this.options = options;
        this.sourceKey = sourceKey;
        this.targetKey = targetKey;
    }

    /** What was decided. */
    public sealed interface Decision {

        /** The item goes, as this tree. */
        record Admitted(Map<String, Object> moved) implements Decision {
            @Override
            public String toString() {
                return "Admitted[redacted]";
            }
        }

        /** The item stays, for a reason. */
        record Held(Outcome outcome, ReasonCode reason) implements Decision {}
    }

    public Decision decide(Item item) {
        if (item.deletedAt().isPresent() && !options.trash()) {
            return new Decision.Held(Outcome.SKIPPED, ReasonCode.LEFT_OUT_BY_OPTION);
        }
        if (!target.supportsItemType(item.type())) {
            return new Decision.Held(Outcome.SKIPPED, ReasonCode.UNSUPPORTED_BY_TARGET);
        }
        if (item.isOpaque()) {
            return new Decision.Held(Outcome.QUARANTINED, ReasonCode.UNSUPPORTED_ENCRYPTION);
        }
        Map<String, Object> moved;
        try {
            moved = ItemCrypto.moveToOrganization(item.json(), sourceKey, targetKey);
        } catch (UnsupportedEncryptionException e) {
            return new Decision.Held(Outcome.QUARANTINED, ReasonCode.UNSUPPORTED_ENCRYPTION);
        } catch (CryptoException e) {
            return new Decision.Held(Outcome.QUARANTINED, ReasonCode.UNREADABLE_AT_SOURCE);
        }
        // Nothing would tell it from others without a name, neither after a lost answer nor when it is to be taken
        // back.
        if (!ItemCrypto.hasOwnKey(moved) && !(moved.get("name") instanceof String name && !name.isBlank())) {
            return new Decision.Held(Outcome.QUARANTINED, ReasonCode.UNREADABLE_AT_SOURCE);
        }
        if (moved.get("notes") instanceof String notes && notes.length() > target.longestNotes()) {
            return new Decision.Held(Outcome.QUARANTINED, ReasonCode.FIELD_TOO_LONG);
        }
        return new Decision.Admitted(moved);
    }
}

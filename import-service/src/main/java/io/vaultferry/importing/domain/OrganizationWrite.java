package io.vaultferry.importing.domain;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.NewOrganization;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.KeyPair;
import io.vaultferry.bitwarden.crypto.PublicKey;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.participant.OrganizationToCreate;
import io.vaultferry.participant.journal.Intent;
import io.vaultferry.participant.journal.Listed;
import io.vaultferry.participant.journal.Payload;
import io.vaultferry.participant.journal.PlannedWrite;
import io.vaultferry.participant.journal.TargetWrite;
import io.vaultferry.participant.journal.UnsettledWrite;
import io.vaultferry.participant.journal.WriteAnswer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Creates the target organization and recognizes it by its wrapped key. The key itself is forgotten here: from now on it
 * is unwrapped from the account's profile, like that of any organization.
 */
public final class OrganizationWrite implements TargetWrite {

    private static final String NAME = "name";
    private static final String BILLING_EMAIL = "billingEmail";
    private static final String KEY = "key";
    private static final String PUBLIC_KEY = "publicKey";
    private static final String WRAPPED_PRIVATE_KEY = "wrappedPrivateKey";
    private static final String FIRST_COLLECTION = "firstCollection";

    private final BitwardenSession server;

    public OrganizationWrite(BitwardenSession server) {
        this.server = server;
    }

    /**
     * Makes the organization's keys.
     *
     * @param id stands for the source object: a migration creates one organization
     */
    public static PlannedWrite plan(String id, OrganizationToCreate wanted) {
        KeyPair pair = KeyPair.make();
        try (SymmetricKey key = SymmetricKey.make()) {
            String wrapped = wanted.owner().wrap(key).text();
            Map<String, Object> payload = new LinkedHashMap<>();
            payload.put(NAME, wanted.name());
            payload.put(BILLING_EMAIL, wanted.billingEmail());
            payload.put(KEY, wrapped);
            payload.put(PUBLIC_KEY, pair.publicKey().base64());
            payload.put(WRAPPED_PRIVATE_KEY, key.wrap(pair.privateKey()).text());
            payload.put(FIRST_COLLECTION, key.encryptText("Default collection").text());
            return new PlannedWrite(id, Payload.encode(payload), wrapped);
        } finally {
            pair.privateKey().close();
        }
    }

    /** The encrypted name of the collection that servers create together with the organization. */
    public static String firstCollectionIn(byte[] payload) {
        return (String) Payload.decodeTree(payload).get(FIRST_COLLECTION);
    }

    @Override
    public Recognition recognizedBy() {
        return Recognition.BY_UNIQUE_TOKEN;
    }

    @Override
    public WriteAnswer send(List<Intent> unit) {
        Map<String, Object> payload = Payload.decodeTree(unit.getFirst().payload());
        NewOrganization request = new NewOrganization(
                (String) payload.get(NAME),
                (String) payload.get(BILLING_EMAIL),
                EncString.parse((String) payload.get(KEY)),
                PublicKey.fromBase64((String) payload.get(PUBLIC_KEY)),
                EncString.parse((String) payload.get(WRAPPED_PRIVATE_KEY)),
                EncString.parse((String) payload.get(FIRST_COLLECTION)));
        return WriteAnswer.of(() -> List.of(server.createOrganization(request).value()));
    }

    @Override
    public void list(List<UnsettledWrite> about, Consumer<Listed> found) {
        server.profile()
                .organizations()
                .forEach(membership -> membership
                        .wrappedKey()
                        .ifPresent(key ->
                                found.accept(new Listed(key, membership.id().value(), Optional.empty(), ""))));
    }

    @Override
    public void remove(List<String> surplusTargetIds) {
        // Deleting an organization takes the master password, which nobody keeps. The journal prevents a second copy;
        // if
        // one came about all the same, a person would have to look at it.
        throw new IllegalStateException(surplusTargetIds.size() + " surplus organizations");
    }
}

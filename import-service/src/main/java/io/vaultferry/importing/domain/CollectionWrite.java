package io.vaultferry.importing.domain;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
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

/** Creates collections one by one and recognizes them by their encrypted name, which nobody else can have. */
public final class CollectionWrite implements TargetWrite {

    private static final String NAME = "name";
    private static final String EXTERNAL_ID = "externalId";

    private final BitwardenSession server;
    private final OrganizationId organization;

    public CollectionWrite(BitwardenSession server, OrganizationId organization) {
        this.server = server;
        this.organization = organization;
    }

    /**
     * Encrypts a collection of the source for the target.
     *
     * @throws io.vaultferry.bitwarden.crypto.CryptoException when its name does not open under the source's key
     */
    public static PlannedWrite plan(Collection collection, SymmetricKey source, SymmetricKey target) {
        EncString name = target.encryptText(source.decryptText(collection.name()));
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put(NAME, name.text());
        payload.put(EXTERNAL_ID, collection.externalId().orElse(null));
        return new PlannedWrite(collection.id().value(), Payload.encode(payload), name.text());
    }

    /** The encrypted name that a payload of the journal holds. */
    public static String nameIn(byte[] payload) {
        return (String) Payload.decodeTree(payload).get(NAME);
    }

    @Override
    public Recognition recognizedBy() {
        return Recognition.BY_UNIQUE_TOKEN;
    }

    @Override
    public WriteAnswer send(List<Intent> unit) {
        Map<String, Object> payload = Payload.decodeTree(unit.getFirst().payload());
        // Access is given later, by the groups and members that have it.
        return WriteAnswer.of(() -> List.of(server.createCollection(
                        organization,
                        EncString.parse((String) payload.get(NAME)),
                        Optional.ofNullable((String) payload.get(EXTERNAL_ID)),
                        List.of(),
                        List.of())
                .value()));
    }

    @Override
    public void list(List<UnsettledWrite> about, Consumer<Listed> found) {
        for (Collection collection : server.collections(organization)) {
            found.accept(new Listed(collection.nameText(), collection.id().value(), Optional.empty(), ""));
        }
    }

    @Override
    public void remove(List<String> surplusTargetIds) {
        for (String id : surplusTargetIds) {
            try {
                server.deleteCollection(organization, new CollectionId(id));
            } catch (NotFoundException e) {
                // Gone already, which is what was wanted.
            }
        }
    }
}

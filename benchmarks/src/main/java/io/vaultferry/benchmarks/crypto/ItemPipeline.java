package io.vaultferry.benchmarks.crypto;

import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.Organization;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.ServerInfo;
import io.vaultferry.bitwarden.client.ServerKind;
import io.vaultferry.bitwarden.client.ServerProfile;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.DirectoryStore;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.importing.domain.ItemAdmission;
import io.vaultferry.importing.domain.ItemAdmission.Decision;
import io.vaultferry.importing.domain.ItemWrite;
import io.vaultferry.participant.documents.Snapshot;
import io.vaultferry.participant.documents.SnapshotWriter;
import io.vaultferry.participant.journal.Payload;
import io.vaultferry.participant.journal.PlannedWrite;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * The way of items through import-service, without network and database, in one thread: read from the sealed snapshot, decided on,
 * encrypted for the target, written down as payloads; sealed for the journal, opened again and put into the body of a request. Beside
 * it the bare AES and HMAC of the same items.
 *
 * <p>Arguments: a directory, {@code rewrap} or {@code reencrypt}, how many items, how many runs. Each run prints a line with
 * three numbers, items a second: as far as the payload, as far as the request, and of the bare operations.
 */
public final class ItemPipeline {

    private static final int ITEMS_A_CALL = 1_000;
    private static final String RECORD = "benchmark";
    private static final OrganizationId ORGANIZATION = new OrganizationId(new UUID(2, 2).toString());
    private static final List<CollectionId> COLLECTIONS = List.of(new CollectionId(new UUID(3, 3).toString()));

    private final SampleItem sample = new SampleItem();
    private final SymmetricKey sourceKey = sample.sourceKey();
    private final SymmetricKey targetKey = sample.targetKey();
    private final StagingKey stagingKey = StagingKey.make();
    private final MigrationId migration = MigrationId.make();
    private final ClaimCheckStore store;
    private final boolean ownKey;
    private final int count;
    private final ClaimCheck snapshot;

    /** Keeps the compiler from leaving out what nobody looks at. */
    private long seen;

    private ItemPipeline(Path directory, boolean ownKey, int count) {
        this.store = DirectoryStore.at(directory);
        this.ownKey = ownKey;
        this.count = count;
        this.snapshot = SnapshotWriter.write(store, stagingKey, migration, sink -> {
            sink.organization(new Organization(
                    ORGANIZATION,
                    "Benchmark",
                    "owner@example.test",
                    true,
                    true,
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    false,
                    false,
                    false,
                    true,
                    Map.of()));
            for (int number = 0; number < count; number++) {
                sink.item(Item.of(sample.listed(ownKey, number)));
            }
        });
    }

    public static void main(String[] arguments) throws GeneralSecurityException {
        ItemPipeline pipeline =
                new ItemPipeline(Path.of(arguments[0]), arguments[1].equals("rewrap"), Integer.parseInt(arguments[2]));
        pipeline.toPayload();
        pipeline.toRequest();
        pipeline.raw();
        for (int run = Integer.parseInt(arguments[3]); run > 0; run--) {
            System.out.println(pipeline.toPayload() + " " + pipeline.toRequest() + " " + pipeline.raw());
        }
        if (pipeline.seen == 0) {
            throw new IllegalStateException("nothing was moved");
        }
    }

    private double toPayload() {
        long began = System.nanoTime();
        ItemAdmission admission = admission();
        try (Snapshot.Items items = items()) {
            while (items.hasNext()) {
                seen += plan(admission, items.next()).payload().length;
            }
        }
        return perSecond(began);
    }

    private double toRequest() {
        long began = System.nanoTime();
        ItemAdmission admission = admission();
        List<Map<String, Object>> bodies = new ArrayList<>();
        try (Snapshot.Items items = items()) {
            while (items.hasNext()) {
                byte[] sealed = stagingKey.seal(plan(admission, items.next()).payload(), RECORD);
                bodies.add(ItemWrite.itemIn(stagingKey.open(sealed, RECORD)));
                if (bodies.size() == ITEMS_A_CALL || !items.hasNext()) {
                    seen += Payload.encode(Map.of("ciphers", bodies)).length;
                    bodies.clear();
                }
            }
        }
        return perSecond(began);
    }

    private double raw() throws GeneralSecurityException {
        long began = System.nanoTime();
        for (int number = 0; number < count; number++) {
            seen += ownKey ? sample.rewrapRaw() : sample.reencryptRaw();
        }
        return perSecond(began);
    }

    private Snapshot.Items items() {
        return Snapshot.open(store, stagingKey, migration, snapshot).items();
    }

    private ItemAdmission admission() {
        ServerProfile vaultwarden =
                ServerProfile.of(new ServerInfo(ServerKind.VAULTWARDEN, "2026.6.0", Optional.of("1.37.2")));
        return new ItemAdmission(vaultwarden, MigrationOptions.ALL, sourceKey, targetKey);
    }

    private static PlannedWrite plan(ItemAdmission admission, Item item) {
        return switch (admission.decide(item)) {
            case Decision.Admitted(Map<String, Object> moved) ->
                ItemWrite.plan(item.id(), moved, ORGANIZATION, COLLECTIONS);
            case Decision.Held held -> throw new IllegalStateException("an item stays: " + held);
        };
    }

    private double perSecond(long began) {
        return count / ((System.nanoTime() - began) / 1e9);
    }
}

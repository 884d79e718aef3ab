package io.vaultferry.exporting.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepReply.VaultExported;
import io.vaultferry.exporting.ExportProfile;
import io.vaultferry.exporting.messaging.MigrationByHand.Verified;
import io.vaultferry.testsupport.migration.OrganizationOnServer;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Twenty thousand items, and what they cost of the heap that this service has in production. */
@QuarkusTest
@TestProfile(ExportProfile.class)
class LargeOrganizationIT {

    private static final int ITEMS = 20_000;
    private static final String ANOTHER_ID = "11111111-fc99-44ab-ae6b-78ef38ce20a5";
    private static final long MEBIBYTE = 1024 * 1024;

    @Inject
    ClaimCheckStore store;

    @Inject
    ExportVaultHandler export;

    @Inject
    VerifyMigrationHandler verify;

    @Test
    void isReadAndComparedInAFewMebibytes() {
        // Given: the same organization twice, so that everything in the one stands for itself in the other.
        OrganizationOnServer source = OrganizationOnServer.changed(LargeOrganizationIT::enlarge);
        OrganizationOnServer target = OrganizationOnServer.changed(stored -> {
            enlarge(stored);
            rename(stored);
        });
        try (MigrationByHand migration = MigrationByHand.intoNothing(store, source, target)) {
            for (int i = 0; i < ITEMS; i++) {
                String id = id(i);
                migration.moved().report(ObjectOutcome.moved(ObjectKind.ITEM, id, id));
            }
            source.session()
                    .collections(source.id())
                    .forEach(collection -> migration
                            .moved()
                            .report(ObjectOutcome.moved(
                                    ObjectKind.COLLECTION,
                                    collection.id().value(),
                                    collection.id().value())));

            // When
            Heap whileExporting = new Heap(ITEMS / 2);
            VaultExported exported =
                    migration.export(export, new Unhurried(migration.id(), whileExporting::atCheckpoint));
            Heap whileComparing = new Heap(ITEMS);
            Verified verified = migration.verify(
                    verify,
                    exported,
                    new Unhurried(migration.id(), whileComparing::atCheckpoint),
                    Step.IMPORT_COLLECTIONS,
                    Step.IMPORT_ITEMS);

            // Then
            assertThat(exported.content().items()).isEqualTo(ITEMS);
            assertThat(verified.remarkable()).noneMatch(line -> line.startsWith("ITEM"));
            assertThat(verified.countsOfSource()).containsEntry(ObjectKind.ITEM, (long) ITEMS);
            assertThat(whileExporting.mostGrowth()).isLessThan(8 * MEBIBYTE);
            assertThat(whileComparing.mostGrowth()).isLessThan(40 * MEBIBYTE);
        }
    }

    private static String id(int number) {
        return new UUID(0x1234_5678_9abc_4000L, number).toString();
    }

    /** Copies of one recorded item; what they hold does not matter, only how much it is. */
    private static void enlarge(ObjectNode stored) {
        ArrayNode items = (ArrayNode) stored.get("ciphers");
        ObjectNode model = (ObjectNode) items.get(13);
        model.putArray("attachments");
        items.removeAll();
        for (int i = 0; i < ITEMS; i++) {
            items.add(model.deepCopy().put("id", id(i)));
        }
    }

    private static void rename(ObjectNode stored) {
        String before = OrganizationOnServer.RECORDED.value();
        ((ObjectNode) stored.get("organization")).put("id", ANOTHER_ID);
        for (String kind : new String[] {"ciphers", "collections", "policies", "groups", "members"}) {
            stored.get(kind).forEach(node -> {
                if (node.has("organizationId")) {
                    ((ObjectNode) node).put("organizationId", ANOTHER_ID);
                }
            });
        }
        stored.get("accounts").forEach(account -> {
            if (account.path("organizationKeys").has(before)) {
                ObjectNode keys = (ObjectNode) account.get("organizationKeys");
                keys.set(ANOTHER_ID, keys.remove(before));
            }
        });
    }

    /** What is reachable, now and then, compared with the beginning. */
    private static final class Heap {

        private final int every;
        private final long atFirst = reachable();
        private final AtomicInteger checkpoints = new AtomicInteger();
        private volatile long most;

        Heap(int every) {
            this.every = every;
        }

        void atCheckpoint() {
            if (checkpoints.incrementAndGet() % every == 0) {
                most = Math.max(most, reachable() - atFirst);
            }
        }

        long mostGrowth() {
            assertThat(checkpoints.get()).as("looked at least once").isGreaterThanOrEqualTo(every);
            return most;
        }

        @SuppressWarnings("SystemGC") // What is reachable is the question.
        private static long reachable() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        }
    }
}

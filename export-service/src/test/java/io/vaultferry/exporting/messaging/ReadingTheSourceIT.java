package io.vaultferry.exporting.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.UnavailableException;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.contracts.ServerFacts;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.SourceContent;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.InspectSource;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepReply.SourceInspected;
import io.vaultferry.contracts.StepReply.VaultExported;
import io.vaultferry.exporting.ExportProfile;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.participant.documents.Snapshot;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.testsupport.migration.OrganizationOnServer;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Inspecting and exporting a real server. */
@QuarkusTest
@TestProfile(ExportProfile.class)
class ReadingTheSourceIT {

    private static final String LISTING = "GET /api/ciphers/organization-details";

    /** What the recording says of itself. */
    private static final SourceContent RECORDED = new SourceContent(
            9, 4, 7, Map.of(1, 11L, 2, 4L, 3, 2L, 4, 2L, 5, 2L), 1, 0, 10, 14, 177_550, 70_065, 1, List.of(1, 2, 6));

    @Inject
    ClaimCheckStore store;

    @Inject
    InspectSourceHandler inspect;

    @Inject
    ExportVaultHandler export;

    @Inject
    UndoExportHandler undo;

    private MigrationByHand migration;

    @AfterEach
    void close() {
        migration.close();
    }

    private MigrationByHand of(OrganizationOnServer source) {
        migration = new MigrationByHand(store, source, OrganizationOnServer.empty(UnaryOperator.identity()));
        return migration;
    }

    private static OrganizationOnServer recorded() {
        return OrganizationOnServer.recorded(UnaryOperator.identity());
    }

    private SourceInspected inspectSource() {
        return (SourceInspected) inspect.handle(
                new InspectSource(migration.id(), 1, MigrationOptions.ALL), new Unhurried(migration.id()));
    }

    private static ObjectNode item(ObjectNode stored, int index) {
        return (ObjectNode) stored.get("ciphers").get(index);
    }

    @Nested
    class Inspection {

        @Test
        void countsWhatThereIs() {
            // Given
            of(recorded());

            // When
            SourceInspected inspected = inspectSource();

            // Then
            assertThat(inspected.content()).isEqualTo(RECORDED);
            assertThat(inspected.server()).isEqualTo(new ServerFacts("VAULTWARDEN", "1.37.2"));
        }

        @Test
        void findsItemsThatDoNotOpen() {
            // Given
            of(OrganizationOnServer.changed(stored -> {
                // Another item's key; a name under another item's key; and no encrypted string at all.
                item(stored, 12).set("key", item(stored, 13).get("key"));
                item(stored, 14).set("name", item(stored, 15).get("name"));
                item(stored, 0).put("notes", "2.no encrypted string");
            }));

            // When
            SourceInspected inspected = inspectSource();

            // Then
            assertThat(inspected.content().unreadableItems()).isEqualTo(3);
            assertThat(inspected.content().items()).isEqualTo(21);
        }

        @Test
        void withTheWrongKeyFails() {
            // Given
            of(recorded());
            migration.leave(migration.source().grantWithAnotherKey(Side.SOURCE, migration.stagingKeyBytes()));

            // When
            StepFailureException failure = catchThrowableOfType(StepFailureException.class, () -> inspectSource());

            // Then
            assertThat(failure.failure().code()).isEqualTo(FailureCode.KEY_MISMATCH);
        }

        @Test
        void byWhoSeesOnlyAPartFails() {
            // Given
            of(recorded());
            migration.leave(
                    migration.source().grantOf("alice@acme.example.test", Side.SOURCE, migration.stagingKeyBytes()));

            // When
            StepFailureException failure = catchThrowableOfType(StepFailureException.class, () -> inspectSource());

            // Then
            assertThat(failure.failure().code()).isEqualTo(FailureCode.RIGHTS_MISSING);
        }

        @Test
        void onlyReads() {
            // Given
            of(recorded());
            long before = migration.source().sandbox().journal(0).getLast().number();

            // When
            inspectSource();
            migration.export(export);

            // Then
            assertThat(migration.source().sandbox().journal(before))
                    .isNotEmpty()
                    .allSatisfy(call -> assertThat(call.method()).isEqualTo("GET"));
        }
    }

    @Nested
    class Export {

        @Test
        void keepsEverythingAsItWas() {
            // Given
            of(recorded());
            OrganizationOnServer source = migration.source();
            BitwardenSession session = source.session();

            // When
            VaultExported exported = migration.export(export);

            // Then
            Snapshot snapshot = migration.open(exported);
            assertThat(exported.content()).isEqualTo(RECORDED);
            assertThat(snapshot.organization().name()).isEqualTo("Acme ✓ GmbH");
            assertThat(snapshot.collections()).isEqualTo(session.collections(source.id()));
            assertThat(snapshot.groups()).isEqualTo(session.groups(source.id()));
            assertThat(snapshot.members()).isEqualTo(session.members(source.id()));
            assertThat(snapshot.policies()).isEqualTo(session.policies(source.id()));
            assertThat(withoutLinks(items(snapshot))).isEqualTo(withoutLinks(session.items(source.id())));
            assertThat(items(snapshot)).anyMatch(item -> item.deletedAt().isPresent());
        }

        private List<Item> items(Snapshot snapshot) {
            List<Item> items = new ArrayList<>();
            try (Snapshot.Items lines = snapshot.items()) {
                lines.forEachRemaining(items::add);
            }
            return items;
        }

        /** A listing makes new links to files each time. */
        private static List<String> withoutLinks(List<Item> items) {
            return items.stream()
                    .map(item -> item.json().toString().replaceAll("url=[^,}]*", "url"))
                    .toList();
        }

        @Test
        void canBeDoneByAnAdministrator() {
            // Given
            of(recorded());
            migration.leave(
                    migration.source().grantOf("admin@acme.example.test", Side.SOURCE, migration.stagingKeyBytes()));

            // When
            VaultExported exported = migration.export(export);

            // Then
            assertThat(exported.content()).isEqualTo(RECORDED);
            assertThat(migration.open(exported).organization().name()).isEqualTo("Acme ✓ GmbH");
        }

        @Test
        void ofAnEmptyOrganizationIsEmpty() {
            // Given
            of(OrganizationOnServer.changed(stored -> {
                for (String kind : List.of("ciphers", "groups", "policies", "collections")) {
                    ((ArrayNode) stored.get(kind)).removeAll();
                }
                ((ObjectNode) stored.get("groupMembers")).removeAll();
            }));

            // When
            VaultExported exported = migration.export(export);

            // Then
            assertThat(exported.content())
                    .isEqualTo(new SourceContent(0, 0, 7, Map.of(), 0, 0, 0, 0, 0, 0, 0, List.of()));
            assertThat(migration.open(exported).items().hasNext()).isFalse();
        }

        @Test
        void opensUnderItsOwnMigrationOnly() {
            // Given
            of(recorded());
            VaultExported exported = migration.export(export);

            // When
            StagedDataDamagedException underAnother = catchThrowableOfType(
                    StagedDataDamagedException.class,
                    () -> Snapshot.open(store, migration.stagingKey(), MigrationId.make(), exported.snapshot()));
            StagedDataDamagedException withAnotherKey = catchThrowableOfType(
                    StagedDataDamagedException.class,
                    () -> Snapshot.open(store, StagingKey.make(), migration.id(), exported.snapshot()));

            // Then
            assertThat(underAnother).isNotNull();
            assertThat(withAnotherKey).isNotNull();
        }

        @Test
        void thatIsCutOffLeavesNothingAndCanBeRepeated() {
            // Given
            of(recorded());
            long before = store.usage(migration.id());
            migration.source().sandbox().addFault(new Fault(LISTING, 1, 1, new Fault.Truncate(20_000)));

            // When
            Throwable cut = catchThrowable(() -> migration.export(export));

            // Then
            assertThat(cut).isInstanceOf(UnavailableException.class);
            assertThat(store.usage(migration.id())).isEqualTo(before);
            assertThat(migration.export(export).content()).isEqualTo(RECORDED);
        }

        @Test
        void thatIsHaltedLeavesNothing() {
            // Given
            of(recorded());
            long before = store.usage(migration.id());
            AtomicInteger checkpoints = new AtomicInteger();
            StepContext halted = new Unhurried(migration.id(), () -> {
                if (checkpoints.incrementAndGet() == 10) {
                    throw new StepStoppedException("halted");
                }
            });

            // When
            Throwable thrown = catchThrowable(() -> migration.export(export, halted));

            // Then
            assertThat(thrown).isInstanceOf(StepStoppedException.class);
            assertThat(store.usage(migration.id())).isEqualTo(before);
        }

        @Test
        void thatIsTakenBackIsGone() {
            // Given
            of(recorded());
            VaultExported exported = migration.export(export);

            // When
            undo.handle(new UndoStep(migration.id(), Step.EXPORT_VAULT, 1), new Unhurried(migration.id()));
            undo.handle(new UndoStep(migration.id(), Step.EXPORT_VAULT, 2), new Unhurried(migration.id()));

            // Then
            assertThat(store.usage(migration.id())).isZero();
            assertThat(catchThrowableOfType(StagedDataDamagedException.class, () -> migration.open(exported)))
                    .isNotNull();
        }
    }
}

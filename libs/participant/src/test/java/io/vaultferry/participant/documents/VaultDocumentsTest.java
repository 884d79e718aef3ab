package io.vaultferry.participant.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberId;
import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.bitwarden.client.MemberStatus;
import io.vaultferry.bitwarden.client.Organization;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.bitwarden.client.UserId;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.DirectoryStore;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultDocumentsTest {

    private static final SymmetricKey ORGANIZATION_KEY = SymmetricKey.make();

    @TempDir
    private Path directory;

    private final MigrationId migration = MigrationId.make();
    private final StagingKey key = StagingKey.make();
    private ClaimCheckStore store;

    @BeforeEach
    void open() {
        store = DirectoryStore.at(directory);
    }

    @Nested
    class Snapshots {

        @Test
        void everythingComesBackAsItWas() {
            // Given
            Item first = item("item-1", Map.of("login", new LinkedHashMap<>(login())));
            Item second = item("item-2", Map.of());

            // When
            ClaimCheck check = SnapshotWriter.write(store, key, migration, sink -> {
                sink.organization(organization());
                sink.collection(collection());
                sink.group(group());
                sink.member(member());
                sink.policy(policy());
                sink.item(first);
                sink.item(second);
            });
            Snapshot snapshot = Snapshot.open(store, key, migration, check);

            // Then
            assertThat(snapshot.organization()).isEqualTo(organization());
            assertThat(snapshot.collections()).containsExactly(collection());
            assertThat(snapshot.groups()).containsExactly(group());
            assertThat(snapshot.members()).containsExactly(member());
            assertThat(snapshot.policies()).containsExactly(policy());
            assertThat(items(snapshot)).extracting(Item::json).containsExactly(first.json(), second.json());
            assertThat(items(snapshot)).as("items are read again").hasSize(2);
        }

        @Test
        void nullsOfItemsStay() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("notes", null);
            Item item = item("item-1", fields);

            ClaimCheck check = SnapshotWriter.write(store, key, migration, sink -> {
                sink.organization(organization());
                sink.item(item);
            });

            assertThat(items(Snapshot.open(store, key, migration, check))
                            .getFirst()
                            .json())
                    .containsEntry("notes", null);
        }

        @Test
        void anOrganizationWithoutAnythingIsASnapshot() {
            ClaimCheck check = SnapshotWriter.write(store, key, migration, sink -> sink.organization(organization()));

            Snapshot snapshot = Snapshot.open(store, key, migration, check);

            assertThat(items(snapshot)).isEmpty();
            assertThat(snapshot.collections()).isEmpty();
        }

        @Test
        void aHundredThousandItemsNeedNotBeInMemoryAtOnce() {
            // Given: some 100 MB of items, written and read one by one
            String notes = "2." + "x".repeat(1000);
            ClaimCheck check = SnapshotWriter.write(store, key, migration, sink -> {
                sink.organization(organization());
                for (int i = 0; i < 100_000; i++) {
                    sink.item(item("item-" + i, Map.of("notes", notes)));
                }
            });

            // When
            long count = 0;
            try (Snapshot.Items items =
                    Snapshot.open(store, key, migration, check).items()) {
                while (items.hasNext()) {
                    assertThat(items.next().id().value()).isEqualTo("item-" + count);
                    count++;
                }
            }

            // Then
            assertThat(count).isEqualTo(100_000);
            assertThat(check.size()).isGreaterThan(100_000_000L);
        }

        @Test
        void nothingOfItIsReadableInTheStore() throws IOException {
            ClaimCheck check = SnapshotWriter.write(store, key, migration, sink -> {
                sink.organization(organization());
                sink.member(member());
            });

            String stored = Files.readString(directory.resolve(check.location()), StandardCharsets.ISO_8859_1);

            assertThat(stored).doesNotContain("someone@example.com", "Acme", "snapshot");
        }

        @Test
        void contentsInAnotherOrderAreRefused() {
            assertThatThrownBy(() -> SnapshotWriter.write(store, key, migration, sink -> sink.group(group())))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> SnapshotWriter.write(store, key, migration, sink -> {
                        sink.organization(organization());
                        sink.item(item("item-1", Map.of()));
                        sink.group(group());
                    }))
                    .isInstanceOf(IllegalStateException.class);
        }

        @Test
        void aDamagedSnapshotIsRefused() throws IOException {
            ClaimCheck check = SnapshotWriter.write(store, key, migration, sink -> {
                sink.organization(organization());
                sink.item(item("item-1", Map.of("notes", "x".repeat(200_000))));
            });
            Path file = directory.resolve(check.location());
            byte[] bytes = Files.readAllBytes(file);
            bytes[150_000] ^= 1;
            Files.write(file, bytes);

            assertThatThrownBy(() -> items(Snapshot.open(store, key, migration, check)))
                    .isInstanceOf(StagedDataDamagedException.class);
        }

        @Test
        void aSnapshotOfAnotherMigrationIsRefused() {
            ClaimCheck check = SnapshotWriter.write(store, key, migration, sink -> sink.organization(organization()));

            assertThatThrownBy(() -> Snapshot.open(store, key, MigrationId.make(), check))
                    .isInstanceOf(StagedDataDamagedException.class);
        }

        private List<Item> items(Snapshot snapshot) {
            List<Item> read = new ArrayList<>();
            try (Snapshot.Items items = snapshot.items()) {
                items.forEachRemaining(read::add);
            }
            return read;
        }
    }

    @Nested
    class Manifests {

        @Test
        void comeBackAsTheyWere() {
            EncString encrypted = ORGANIZATION_KEY.encryptText("a name");
            ManifestFile full = new ManifestFile(
                    new ItemId("source"),
                    new AttachmentId("file"),
                    new ItemId("target"),
                    123_456_789_012L,
                    Optional.of(encrypted),
                    Optional.of(encrypted.text()),
                    encrypted.text(),
                    Optional.of(encrypted));
            ManifestFile bare = new ManifestFile(
                    new ItemId("source"),
                    new AttachmentId("file2"),
                    new ItemId("target"),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    "not an encrypted string",
                    Optional.empty());

            ClaimCheck check = AttachmentManifest.write(store, key, migration, sink -> {
                sink.add(full);
                sink.add(bare);
            });

            try (AttachmentManifest.Files files = AttachmentManifest.open(store, key, migration, check)) {
                assertThat(files).toIterable().containsExactly(full, bare);
            }
        }
    }

    @Nested
    class Baselines {

        @Test
        void comeBackAsTheyWere() {
            List<BaselineLine> lines = List.of(
                    Baseline.line(item("item-1", Map.of()), key),
                    Baseline.line(collection(), key),
                    Baseline.line(group(), key),
                    Baseline.line(member(), key),
                    Baseline.line(policy(), key));

            ClaimCheck check = Baseline.write(store, key, migration, sink -> {
                for (BaselineLine line : lines) {
                    sink.add(line);
                }
            });

            try (Baseline.Lines read = Baseline.open(store, key, migration, check)) {
                assertThat(read).toIterable().isEqualTo(lines);
            }
        }

        @Test
        void sameContentsGiveTheSameLineWhateverTheOrder() {
            Map<String, Object> forwards = new LinkedHashMap<>();
            forwards.put("notes", "n");
            forwards.put("reprompt", 1);
            forwards.put("collectionIds", List.of("b", "a"));
            Map<String, Object> backwards = new LinkedHashMap<>();
            backwards.put("collectionIds", List.of("a", "b"));
            backwards.put("reprompt", 1);
            backwards.put("notes", "n");

            assertThat(Baseline.line(item("item-1", forwards), key))
                    .isEqualTo(Baseline.line(item("item-1", backwards), key));
        }

        @Test
        void whatBelongsToTheReaderDoesNotCount() {
            assertThat(Baseline.line(item("item-1", Map.of("favorite", true, "edit", false)), key))
                    .isEqualTo(Baseline.line(item("item-1", Map.of("favorite", false, "edit", true)), key));
        }

        @Test
        void everyChangeOfContentsShows() {
            String unchanged = Baseline.line(item("item-1", Map.of()), key).contentHash();

            for (Map<String, Object> change : List.<Map<String, Object>>of(
                    Map.of("notes", "other"),
                    Map.of("collectionIds", List.of("c")),
                    Map.of("revisionDate", "2026-01-02T00:00:00Z"),
                    Map.of("deletedDate", "2026-01-02T00:00:00Z"),
                    Map.of("somethingNew", "x"),
                    Map.of("attachments", List.of(Map.of("id", "f", "fileName", "2.x", "size", "1"))))) {
                assertThat(Baseline.line(item("item-1", change), key).contentHash())
                        .as("%s", change.keySet())
                        .isNotEqualTo(unchanged);
            }
            assertThat(Baseline.line(item("item-2", Map.of()), key).contentHash())
                    .isNotEqualTo(unchanged);
        }

        @Test
        void acceptingAnInvitationIsNoChange() {
            Member confirmed = member();
            Member invited = new Member(
                    confirmed.id(),
                    Optional.empty(),
                    confirmed.email(),
                    Optional.empty(),
                    confirmed.externalId(),
                    MemberStatus.INVITED,
                    confirmed.role(),
                    confirmed.accessAll(),
                    true,
                    confirmed.collections(),
                    confirmed.groups(),
                    confirmed.permissions());

            assertThat(Baseline.line(invited, key)).isEqualTo(Baseline.line(confirmed, key));
        }

        @Test
        void hashesOfTwoMigrationsCannotBeCompared() {
            Item item = item("item-1", Map.of());

            assertThat(Baseline.line(item, StagingKey.make())).isNotEqualTo(Baseline.line(item, key));
        }
    }

    private static Item item(String id, Map<String, Object> fields) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("type", 1);
        json.put("name", "2.name");
        json.put("revisionDate", "2026-01-01T00:00:00Z");
        json.putAll(fields);
        return Item.of(json);
    }

    private static Map<String, Object> login() {
        return Map.of(
                "username", "2.u", "uris", List.of(Map.of("uri", "2.x", "match", 3)), "fido2Credentials", List.of());
    }

    private static Organization organization() {
        return new Organization(
                new OrganizationId("org"),
                "Acme",
                "billing@example.com",
                true,
                true,
                OptionalInt.of(10),
                OptionalInt.empty(),
                OptionalInt.of(5),
                true,
                false,
                false,
                true,
                Map.of("planType", 6));
    }

    private static Collection collection() {
        return new Collection(
                new CollectionId("collection"),
                "2.encrypted",
                Optional.of("external"),
                false,
                List.of(new Access<>(new GroupId("group"), true, false, false)),
                List.of(new Access<>(new MemberId("member"), false, true, true)));
    }

    private static Group group() {
        return new Group(
                new GroupId("group"),
                "Developers",
                Optional.empty(),
                false,
                List.of(new Access<>(new CollectionId("collection"), false, false, true)),
                List.of(new MemberId("member")));
    }

    private static Member member() {
        return new Member(
                new MemberId("member"),
                Optional.of(new UserId("user")),
                "someone@example.com",
                Optional.of("Someone"),
                Optional.empty(),
                MemberStatus.CONFIRMED,
                MemberRole.CUSTOM,
                false,
                true,
                List.of(new Access<>(new CollectionId("collection"), false, false, false)),
                List.of(new GroupId("group")),
                Map.of("manageUsers", true));
    }

    private static Policy policy() {
        return new Policy(5, true, Optional.of(Map.of("minLength", 12)));
    }
}

package io.vaultferry.exporting.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.AttachmentSlot;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.GroupRequest;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.MemberId;
import io.vaultferry.bitwarden.client.MemberUpdate;
import io.vaultferry.bitwarden.crypto.AttachmentCrypto;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.ItemCrypto;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.documents.ObjectOutcome;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepReply.VaultExported;
import io.vaultferry.contracts.Tally;
import io.vaultferry.exporting.ExportProfile;
import io.vaultferry.exporting.messaging.MigrationByHand.Verified;
import io.vaultferry.messaging.StepFailure;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.participant.KnownFailures;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.testsupport.migration.OrganizationOnServer;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The comparison of two real servers, after the organization was moved by hand. */
@QuarkusTest
@TestProfile(ExportProfile.class)
class VerifyIT {

    private static final String DOWNLOAD = "GET /attachments/{item}/{attachment}";

    @Inject
    ClaimCheckStore store;

    @Inject
    ExportVaultHandler export;

    @Inject
    VerifyMigrationHandler verify;

    private MigrationByHand migration;

    @BeforeEach
    void open() {
        migration = new MigrationByHand(
                store,
                OrganizationOnServer.recorded(UnaryOperator.identity()),
                OrganizationOnServer.empty(UnaryOperator.identity()));
    }

    @AfterEach
    void close() {
        migration.close();
    }

    @Test
    void everyObjectOfAnOrganizationThatArrivedIsEqual() {
        // Given
        VaultExported exported = migration.export(export);
        migration.moved().everything();

        // When
        Verified verified = migration.verify(verify, exported);

        // Then
        assertThat(verified.countsOfSource())
                .isEqualTo(Map.of(
                        ObjectKind.COLLECTION, 9L,
                        ObjectKind.GROUP, 4L,
                        ObjectKind.MEMBER, 7L,
                        ObjectKind.POLICY, 3L,
                        ObjectKind.ITEM, 21L,
                        ObjectKind.ATTACHMENT, 14L));
        assertThat(verified.remarkable())
                .containsExactly("MEMBER EQUAL MIGRATION_ACCOUNT " + memberOf(OrganizationOnServer.OWNER_EMAIL));
        assertThat(verified.reply().differences()).isZero();
        assertThat(verified.reply().tally()).isEqualTo(new Tally(58, 0, 0));
    }

    private String memberOf(String email) {
        return member(email).id().value();
    }

    private Member member(String email) {
        OrganizationOnServer source = migration.source();
        return source.session().members(source.id()).stream()
                .filter(member -> member.email().equals(email))
                .findFirst()
                .orElseThrow();
    }

    /** Everything that is remarkable but the account that migrates, which always is. */
    private List<String> remarkable(Verified verified) {
        List<String> remarkable = new ArrayList<>(verified.remarkable());
        remarkable.removeIf(line -> line.startsWith("MEMBER EQUAL MIGRATION_ACCOUNT"));
        return remarkable;
    }

    private VaultExported exportAndMove() {
        VaultExported exported = migration.export(export);
        migration.moved().everything();
        return exported;
    }

    private List<Item> sourceItems() {
        return migration.source().session().items(migration.source().id());
    }

    private String nameOf(Item item) {
        try (SymmetricKey key = migration.source().key()) {
            return String.valueOf(ItemCrypto.decrypt(item.json(), key).get("name"));
        }
    }

    private Item sourceItem(String name) {
        return sourceItems().stream()
                .filter(item -> nameOf(item).equals(name))
                .findFirst()
                .orElseThrow();
    }

    private ItemId targetOf(Item item) {
        return new ItemId(migration.moved().targetOf(ObjectKind.ITEM, item.id().value()));
    }

    @Nested
    class AnItem {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "name",
                    "notes",
                    "reprompt",
                    "login.username",
                    "login.password",
                    "login.totp",
                    "login.uris.0.uri",
                    "login.uris.0.match",
                    "login.passwordRevisionDate",
                    "login.fido2Credentials.0.keyValue",
                    "login.fido2Credentials.0.counter",
                    "login.fido2Credentials.0.creationDate",
                    "fields.0.name",
                    "fields.0.value",
                    "fields.0.type",
                    "fields.3.linkedId",
                    "passwordHistory.0.password",
                    "passwordHistory.0.lastUsedDate",
                    "card.number",
                    "identity.ssn",
                    "sshKey.privateKey"
                })
        void withOneMemberThatDiffersIsReported(String path) {
            // Given
            VaultExported exported = migration.export(export);
            List<String> altered = new ArrayList<>();
            migration.moved().collections().items((item, body, key) -> {
                if (altered.isEmpty() && alter(body, List.of(path.split("\\.")), key)) {
                    altered.add(item.id().value());
                }
            });

            // When
            Verified verified = migration.verify(verify, exported, Step.IMPORT_COLLECTIONS, Step.IMPORT_ITEMS);

            // Then
            assertThat(altered).hasSize(1);
            assertThat(remarkable(verified))
                    .filteredOn(line -> line.startsWith("ITEM"))
                    .containsExactly("ITEM DIFFERENT DIFFERENT_IN_TARGET " + altered.getFirst());
            assertThat(verified.reply().differences()).isEqualTo(1);
        }

        /** Returns whether there was something to alter. */
        @SuppressWarnings("unchecked") // Trees of JSON.
        private static boolean alter(Object node, List<String> path, SymmetricKey key) {
            String step = path.getFirst();
            if (node instanceof List<?> list) {
                int index = Integer.parseInt(step);
                return index < list.size() && alter(list.get(index), path.subList(1, path.size()), key);
            }
            if (!(node instanceof Map<?, ?> object) || object.get(step) == null) {
                return false;
            }
            if (path.size() > 1) {
                return alter(object.get(step), path.subList(1, path.size()), key);
            }
            ((Map<String, Object>) object).put(step, altered(object.get(step), key));
            return true;
        }

        private static Object altered(Object value, SymmetricKey key) {
            return switch (value) {
                case Integer number -> number == 0 ? 1 : number - 1;
                case String text
                when EncString.looksLikeEncString(text) ->
                    key.encryptText("something else").text();
                case String date -> "2001-01-01T00:00:00.000Z";
                default -> throw new IllegalArgumentException("cannot alter a " + value.getClass());
            };
        }

        @Test
        void whoseFieldIsGoneIsReported() {
            // Given
            VaultExported exported = migration.export(export);
            Item item = sourceItem("GitHub");
            migration.moved().collections().items((source, body, key) -> {
                if (source.id().equals(item.id())) {
                    ((List<?>) body.get("fields")).removeLast();
                }
            });

            // When
            Verified verified = migration.verify(verify, exported, Step.IMPORT_COLLECTIONS, Step.IMPORT_ITEMS);

            // Then
            assertThat(remarkable(verified))
                    .filteredOn(line -> line.startsWith("ITEM"))
                    .containsExactly(
                            "ITEM DIFFERENT DIFFERENT_IN_TARGET " + item.id().value());
        }

        @Test
        void thatIsGoneIsMissingWithItsFiles() {
            // Given
            VaultExported exported = exportAndMove();
            Item item = sourceItem("GitHub");
            migration.target().session().deleteItems(migration.target().id(), List.of(targetOf(item)));

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified))
                    .containsExactlyInAnyOrder(
                            "ITEM MISSING MISSING_IN_TARGET " + item.id().value(),
                            "ATTACHMENT MISSING MISSING_IN_TARGET "
                                    + item.attachments().getFirst().id().value());
            assertThat(verified.reply().differences()).isEqualTo(2);
        }

        @Test
        void inOtherCollectionsIsReported() {
            // Given
            VaultExported exported = exportAndMove();
            Item item = sourceItem("GitHub");
            CollectionId one = migration.moved().collectionsOf(item).getFirst();
            migration.target().session().setItemCollections(targetOf(item), List.of(one));

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(item.collectionIds()).hasSizeGreaterThan(1);
            assertThat(remarkable(verified))
                    .containsExactly(
                            "ITEM DIFFERENT DIFFERENT_IN_TARGET " + item.id().value());
        }

        @Test
        void thatOnlyTheTargetHasInTheTrashIsReported() {
            // Given
            VaultExported exported = exportAndMove();
            Item item = sourceItem("GitHub");
            migration.target().session().trashItems(migration.target().id(), List.of(targetOf(item)));

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified))
                    .containsExactly(
                            "ITEM DIFFERENT DIFFERENT_IN_TARGET " + item.id().value());
        }

        @Test
        void ofTheSameNameAsAnotherIsNotTakenForIt() {
            // Given
            VaultExported exported = exportAndMove();
            List<Item> twins = sourceItems().stream()
                    .filter(item -> nameOf(item).equals("Same name"))
                    .toList();
            String one = twins.getFirst().id().value();
            String other = twins.getLast().id().value();
            String targetOfOne = migration.moved().targetOf(ObjectKind.ITEM, one);
            String targetOfOther = migration.moved().targetOf(ObjectKind.ITEM, other);
            migration.moved().report(ObjectOutcome.moved(ObjectKind.ITEM, one, targetOfOther));
            migration.moved().report(ObjectOutcome.moved(ObjectKind.ITEM, other, targetOfOne));

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(twins).hasSize(2);
            assertThat(remarkable(verified))
                    .containsExactlyInAnyOrder(
                            "ITEM DIFFERENT DIFFERENT_IN_TARGET " + one, "ITEM DIFFERENT DIFFERENT_IN_TARGET " + other);
        }

        @Test
        void thatStandsForTwoIsReported() {
            // Given
            VaultExported exported = exportAndMove();
            String one = sourceItem("GitHub").id().value();
            String other = sourceItem("Card").id().value();
            migration
                    .moved()
                    .report(ObjectOutcome.moved(
                            ObjectKind.ITEM, other, migration.moved().targetOf(ObjectKind.ITEM, one)));

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified))
                    .anyMatch(line -> line.startsWith("ITEM DIFFERENT DUPLICATED_IN_TARGET"))
                    .anyMatch(line -> line.startsWith("ITEM UNEXPECTED UNEXPECTED_IN_TARGET at target"));
        }

        @Test
        void thatNobodyAccountsForIsUnexpected() {
            // Given
            VaultExported exported = exportAndMove();
            ItemId extra = create("nobody's");

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified))
                    .containsExactly("ITEM UNEXPECTED UNEXPECTED_IN_TARGET at target " + extra.value());
        }

        @Test
        void thatWasThereBeforeIsExpectedToBeWhatItWas() {
            // Given
            ItemId untouched = create("untouched");
            ItemId changed = create("changed");
            ItemId gone = create("gone");
            migration.inspectTarget();
            VaultExported exported = exportAndMove();
            migration.target().session().trashItems(migration.target().id(), List.of(changed));
            migration.target().session().deleteItems(migration.target().id(), List.of(gone));

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified))
                    .containsExactlyInAnyOrder(
                            "ITEM DIFFERENT DIFFERENT_IN_TARGET at target " + changed.value(),
                            "ITEM MISSING MISSING_IN_TARGET at target " + gone.value())
                    .noneMatch(line -> line.contains(untouched.value()));
        }

        private ItemId create(String name) {
            OrganizationOnServer target = migration.target();
            try (SymmetricKey key = target.key()) {
                Map<String, Object> note = new LinkedHashMap<>();
                note.put("type", 2);
                note.put("name", key.encryptText(name).text());
                note.put("secureNote", Map.of("type", 0));
                CollectionId collection =
                        target.session().collections(target.id()).getFirst().id();
                return target.session()
                        .createItem(target.id(), Item.requestBody(note, target.id()), List.of(collection));
            }
        }

        @Test
        void thatWasGivenUpIsNotCompared() {
            // Given
            VaultExported exported = exportAndMove();
            Item item = sourceItem("Long note");
            migration.target().session().deleteItems(migration.target().id(), List.of(targetOf(item)));
            migration
                    .moved()
                    .report(ObjectOutcome.quarantined(ObjectKind.ITEM, item.id().value(), ReasonCode.FIELD_TOO_LONG));
            migration
                    .moved()
                    .report(ObjectOutcome.skipped(
                            ObjectKind.ATTACHMENT,
                            item.attachments().getFirst().id().value(),
                            ReasonCode.PARENT_NOT_MOVED));

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified))
                    .containsExactlyInAnyOrder(
                            "ITEM NOT_COMPARED FIELD_TOO_LONG " + item.id().value(),
                            "ATTACHMENT NOT_COMPARED PARENT_NOT_MOVED "
                                    + item.attachments().getFirst().id().value());
            assertThat(verified.reply().differences()).isZero();
            assertThat(verified.reply().tally()).isEqualTo(new Tally(56, 1, 1));
        }
    }

    @Nested
    class AFile {

        @Test
        void withAFlippedBitIsReported() throws IOException {
            // Given
            VaultExported exported = exportAndMove();
            Item item = sourceItem("GitHub");
            AttachmentId here = item.attachments().getFirst().id();
            Path bytes = bytesAtTarget(item, here);
            byte[] spoiled = Files.readAllBytes(bytes);
            spoiled[spoiled.length / 2] ^= 1;
            Files.write(bytes, spoiled);

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified))
                    .containsExactly("ATTACHMENT DIFFERENT DIFFERENT_IN_TARGET " + here.value());
        }

        @Test
        void withOtherBytesThatOpenIsReported() {
            // Given
            VaultExported exported = exportAndMove();
            Item item = sourceItems().stream()
                    .filter(candidate -> candidate.attachments().size() == 2)
                    .findFirst()
                    .orElseThrow();
            AttachmentId one = item.attachments().getFirst().id();
            AttachmentId other = item.attachments().getLast().id();
            String targetOfOne = migration.moved().targetOf(ObjectKind.ATTACHMENT, one.value());
            String targetOfOther = migration.moved().targetOf(ObjectKind.ATTACHMENT, other.value());
            migration.moved().report(ObjectOutcome.moved(ObjectKind.ATTACHMENT, one.value(), targetOfOther));
            migration.moved().report(ObjectOutcome.moved(ObjectKind.ATTACHMENT, other.value(), targetOfOne));

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified))
                    .as("two files of one name and not of the same contents")
                    .containsExactlyInAnyOrder(
                            "ATTACHMENT DIFFERENT DIFFERENT_IN_TARGET " + one.value(),
                            "ATTACHMENT DIFFERENT DIFFERENT_IN_TARGET " + other.value());
        }

        @Test
        void withoutBytesIsReported() throws IOException {
            // Given
            VaultExported exported = exportAndMove();
            Item item = sourceItem("Passkey");
            AttachmentId here = item.attachments().getFirst().id();
            Files.delete(bytesAtTarget(item, here));

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified))
                    .containsExactly("ATTACHMENT DIFFERENT DIFFERENT_IN_TARGET " + here.value());
        }

        @Test
        void thatIsGoneIsMissing() {
            // Given
            VaultExported exported = exportAndMove();
            Item item = sourceItem("Card");
            AttachmentId here = item.attachments().getFirst().id();
            migration.target().session().deleteAttachment(targetOf(item), targetOf(here));

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified)).containsExactly("ATTACHMENT MISSING MISSING_IN_TARGET " + here.value());
        }

        @Test
        void thatNobodyAccountsForIsUnexpected() {
            // Given
            VaultExported exported = exportAndMove();
            OrganizationOnServer target = migration.target();
            AttachmentSlot extra;
            try (SymmetricKey key = target.key();
                    SymmetricKey contentKey = SymmetricKey.make()) {
                EncString name = key.encryptText("extra.bin");
                byte[] bytes = AttachmentCrypto.encrypt(new byte[10], contentKey);
                extra = target.session()
                        .createAttachment(targetOf(sourceItem("Card")), key.wrap(contentKey), name, bytes.length);
                target.session().uploadAttachment(extra, name, new ByteArrayInputStream(bytes), bytes.length);
            }

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified))
                    .containsExactly("ATTACHMENT UNEXPECTED UNEXPECTED_IN_TARGET at target "
                            + extra.id().value());
        }

        @Test
        void thatTheSourceHasLostSinceIsNoDifference() throws IOException {
            // Given
            VaultExported exported = exportAndMove();
            Item item = sourceItem("Card");
            AttachmentId here = item.attachments().getFirst().id();
            Files.delete(migration.source().bytesOf(item.id(), here));

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified)).containsExactly("ATTACHMENT EQUAL CHANGED_AT_SOURCE " + here.value());
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void whoseDownloadBreaksOffIsReadAgain(boolean atTheSource) {
            // Given
            VaultExported exported = exportAndMove();
            OrganizationOnServer server = atTheSource ? migration.source() : migration.target();
            server.sandbox().addFault(new Fault(DOWNLOAD, 3, 2, new Fault.Truncate(20)));

            // When
            Verified verified = migration.verify(verify, exported);

            // Then
            assertThat(remarkable(verified)).isEmpty();
            assertThat(server.sandbox().journal(0))
                    .filteredOn(call -> call.fault().isPresent())
                    .hasSize(2);
        }

        @Test
        void whoseDownloadAlwaysBreaksOffIsTheServersFault() {
            // Given
            VaultExported exported = exportAndMove();
            migration.target().sandbox().addFault(new Fault(DOWNLOAD, 1, 1_000, new Fault.Truncate(20)));

            // When
            Throwable thrown = catchThrowable(() -> migration.verify(verify, exported));

            // Then
            // Whether the head of the last answer was still read is a matter of timing.
            StepFailure failure = thrown instanceof StepFailureException stopped
                    ? stopped.failure()
                    : new KnownFailures().classify(thrown).orElseThrow();
            assertThat(failure.code()).isEqualTo(FailureCode.SERVER_UNREACHABLE);
        }

        private AttachmentId targetOf(AttachmentId file) {
            return new AttachmentId(migration.moved().targetOf(ObjectKind.ATTACHMENT, file.value()));
        }

        private Path bytesAtTarget(Item item, AttachmentId file) {
            return migration.target().bytesOf(VerifyIT.this.targetOf(item), targetOf(file));
        }

        private ItemId targetOf(Item item) {
            return VerifyIT.this.targetOf(item);
        }
    }

    @Nested
    class AnythingElse {

        @Test
        void thatIsMissingDifferentOrUnexpectedIsReported() {
            // Given
            VaultExported exported = exportAndMove();
            OrganizationOnServer target = migration.target();
            try (SymmetricKey key = target.key()) {
                // A collection under another name, and one more.
                String renamed = collection("Empty");
                target.session()
                        .updateCollection(
                                target.id(),
                                new CollectionId(migration.moved().targetOf(ObjectKind.COLLECTION, renamed)),
                                key.encryptText("Full"),
                                Optional.empty(),
                                List.of(),
                                List.of());
                CollectionId extra = target.session()
                        .createCollection(
                                target.id(), key.encryptText("extra"), Optional.empty(), List.of(), List.of());
                // A group with another member, one that is gone, and one more.
                Group nobody = group("Nobody");
                String alice = migration.moved().targetOf(ObjectKind.MEMBER, memberOf("alice@acme.example.test"));
                target.session()
                        .updateGroup(
                                target.id(),
                                new GroupId(migration
                                        .moved()
                                        .targetOf(ObjectKind.GROUP, nobody.id().value())),
                                migration.moved().request(nobody, List.of(new MemberId(alice))));
                GroupId extraGroup = target.session()
                        .createGroup(
                                target.id(), new GroupRequest("extra", Optional.empty(), false, List.of(), List.of()));
                // A person with other access, and one who is gone.
                Member bob = member("bob@acme.example.test");
                target.session()
                        .updateMember(
                                target.id(),
                                new MemberId(migration
                                        .moved()
                                        .targetOf(ObjectKind.MEMBER, bob.id().value())),
                                new MemberUpdate(bob.role(), Map.of(), List.of(), List.of(extraGroup)));
                String totp = memberOf("totp@acme.example.test");
                target.session()
                        .removeMember(
                                target.id(), new MemberId(migration.moved().targetOf(ObjectKind.MEMBER, totp)));
                // A policy that is off.
                target.session().putPolicy(target.id(), 6, false, Optional.empty());

                // When
                Verified verified = migration.verify(verify, exported);

                // Then
                assertThat(remarkable(verified))
                        .containsExactlyInAnyOrder(
                                "COLLECTION DIFFERENT DIFFERENT_IN_TARGET " + renamed,
                                "COLLECTION UNEXPECTED UNEXPECTED_IN_TARGET at target " + extra.value(),
                                "GROUP DIFFERENT DIFFERENT_IN_TARGET "
                                        + nobody.id().value(),
                                "GROUP DIFFERENT DIFFERENT_IN_TARGET "
                                        + group("Auditors").id().value(),
                                "GROUP UNEXPECTED UNEXPECTED_IN_TARGET at target " + extraGroup.value(),
                                "MEMBER DIFFERENT DIFFERENT_IN_TARGET " + memberOf("alice@acme.example.test"),
                                "MEMBER DIFFERENT DIFFERENT_IN_TARGET "
                                        + bob.id().value(),
                                "MEMBER MISSING MISSING_IN_TARGET " + totp,
                                "POLICY DIFFERENT DIFFERENT_IN_TARGET 6");
            }
        }

        @Test
        void thatAnOperatorLeftOutIsNotCompared() {
            // Given
            VaultExported exported = migration.export(export);
            migration.moved().collections().items();

            // When
            Verified verified = migration.verify(verify, exported, Step.IMPORT_COLLECTIONS, Step.IMPORT_ITEMS);

            // Then
            assertThat(verified.reply().differences()).isZero();
            assertThat(verified.reply().tally()).isEqualTo(new Tally(30, 28, 0));
            assertThat(verified.remarkable()).hasSize(28).allMatch(line -> line.contains("LEFT_OUT_BY_OPTION"));
        }

        @Test
        void thatAStepForgotIsMissing() {
            // Given
            VaultExported exported = migration.export(export);
            migration.moved().collections().items();

            // When
            Verified verified = migration.verify(
                    verify, exported, Step.IMPORT_COLLECTIONS, Step.PROVISION_GROUPS, Step.IMPORT_ITEMS);

            // Then
            assertThat(verified.reply().differences()).isEqualTo(4);
            assertThat(verified.remarkable())
                    .filteredOn(line -> line.startsWith("GROUP MISSING"))
                    .hasSize(4);
        }

        private String collection(String name) {
            OrganizationOnServer source = migration.source();
            try (SymmetricKey key = source.key()) {
                return source.session().collections(source.id()).stream()
                        .filter(collection -> key.decryptText(collection.name()).equals(name))
                        .findFirst()
                        .orElseThrow()
                        .id()
                        .value();
            }
        }

        private Group group(String name) {
            OrganizationOnServer source = migration.source();
            return source.session().groups(source.id()).stream()
                    .filter(group -> group.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void whatChangedAtTheSourceDuringTheRunIsNamed() {
        // Given
        VaultExported exported = exportAndMove();
        OrganizationOnServer source = migration.source();
        Item trashed = sourceItem("GitHub");
        Item deleted = sourceItem("Card");
        Item copied = sourceItem("Long note");
        source.session().trashItems(source.id(), List.of(trashed.id()));
        source.session().deleteItems(source.id(), List.of(deleted.id()));
        ItemId added = source.session()
                .createItem(source.id(), Item.requestBody(copied.json(), source.id()), copied.collectionIds());

        // When
        Verified verified = migration.verify(verify, exported);

        // Then
        assertThat(remarkable(verified))
                .containsExactlyInAnyOrder(
                        "ITEM EQUAL CHANGED_AT_SOURCE " + trashed.id().value(),
                        "ITEM EQUAL CHANGED_AT_SOURCE " + deleted.id().value(),
                        "ATTACHMENT EQUAL CHANGED_AT_SOURCE "
                                + deleted.attachments().getFirst().id().value(),
                        "ITEM NOT_COMPARED CHANGED_AT_SOURCE " + added.value());
        assertThat(verified.reply().differences()).isZero();
    }
}

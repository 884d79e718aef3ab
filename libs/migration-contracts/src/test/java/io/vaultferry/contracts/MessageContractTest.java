package io.vaultferry.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pins the JSON of every message. The golden files are the wire format: a change that is not an addition needs a new type
 * id. To write the file of a new message type, run the test once with {@code -Dgolden.write=true} and read the result.
 */
class MessageContractTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final ObjectMapper JSON = new ObjectMapper();
    private final MessageCodec codec = new MessageCodec();

    private static final MigrationId ID = MigrationId.of("0f5f3a52-6a0e-4a6b-9a5d-3b1f6f0f8c11");
    private static final ClaimCheck CHECK = new ClaimCheck(ID + "/snapshot-1f2e3d4c", "ab".repeat(32), 12_345);
    private static final Tally TALLY = new Tally(7, 2, 1);
    private static final SourceContent CONTENT =
            new SourceContent(9, 4, 7, Map.of(1, 11L, 2, 4L), 1, 0, 10, 14, 300_000, 250_000, 1, List.of(1, 2, 6));
    private static final MigrationOptions OPTIONS = new MigrationOptions(true, true, false, true, true);

    static Stream<Message> samples() {
        return Stream.of(
                new StepCommand.InspectSource(ID, 1, OPTIONS),
                new StepCommand.InspectTarget(ID, 1, true),
                new StepCommand.PrepareTarget(ID, 1, false),
                new StepCommand.ExportVault(ID, 1, OPTIONS),
                new StepCommand.ImportCollections(ID, 2, CHECK),
                new StepCommand.ProvisionGroups(ID, 1, CHECK, CHECK),
                new StepCommand.ImportItems(ID, 1, OPTIONS, CHECK, CHECK),
                new StepCommand.TransferAttachments(ID, 1, CHECK),
                new StepCommand.InviteMembers(ID, 1, CHECK, CHECK, CHECK),
                new StepCommand.ConfirmMembers(ID, 3, CHECK, CHECK, true),
                new StepCommand.ApplyPolicies(ID, 1, CHECK),
                new StepCommand.VerifyMigration(ID, 1, OPTIONS, CHECK, CHECK, Map.of(Step.IMPORT_COLLECTIONS, CHECK)),
                new StepCommand.FinishMigration(ID, 1, CHECK),
                new StepCommand.UndoStep(ID, Step.IMPORT_ITEMS, 1),
                new StepControl.HaltStep(ID, Step.TRANSFER_ATTACHMENTS, 2),
                new StepProgressed(ID, Step.TRANSFER_ATTACHMENTS, 1, 3, 14, 1_000, 300_000),
                new TransferUnit(ID, UUID.fromString("7c0fd0a3-04a7-4b4c-8f0b-2d4a5a4f6b0e"), 3, 123_456),
                new StepReply.SourceInspected(ID, 1, new ServerFacts("VAULTWARDEN", "2026.6.0"), CONTENT),
                new StepReply.TargetInspected(
                        ID,
                        1,
                        new ServerFacts("VAULTWARDEN", "2026.6.0"),
                        new TargetFacts(
                                true,
                                List.of(1, 2, 3, 4, 5),
                                List.of(0, 1, 2),
                                null,
                                null,
                                null,
                                525_000_000,
                                1,
                                0,
                                1,
                                0,
                                0),
                        CHECK),
                new StepReply.TargetPrepared(ID, 1, "d34adb66-fc99-44ab-ae6b-78ef38ce20a5", true),
                new StepReply.VaultExported(ID, 1, CHECK, CONTENT),
                new StepReply.CollectionsImported(ID, 1, TALLY, CHECK),
                new StepReply.GroupsProvisioned(ID, 1, TALLY, CHECK),
                new StepReply.ItemsImported(ID, 1, TALLY, CHECK, CHECK),
                new StepReply.AttachmentsTransferred(ID, 1, TALLY, 300_000, CHECK),
                new StepReply.MembersInvited(ID, 1, TALLY, 5, 2, CHECK),
                new StepReply.MembersConfirmed(ID, 1, 5, 1, CHECK),
                new StepReply.PoliciesApplied(ID, 1, TALLY, CHECK),
                new StepReply.MigrationVerified(ID, 1, TALLY, 0, CHECK),
                new StepReply.MigrationFinished(ID, 1, 2),
                new StepReply.StepFailed(ID, Step.IMPORT_ITEMS, 1, FailureCode.RIGHTS_MISSING, "401 import"),
                new StepReply.StepHalted(ID, Step.IMPORT_ITEMS, 1),
                new StepReply.StepUndone(ID, Step.IMPORT_ITEMS, 1, 20, 1));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void messageEqualsItsGoldenFileAndSurvivesARoundTrip(Message sample) throws IOException {
        // Given
        Path file = GOLDEN.resolve(MessageCodec.typeIdOf(sample.getClass()) + ".json");
        if (Boolean.getBoolean("golden.write") && !Files.exists(file)) {
            Files.createDirectories(GOLDEN);
            String pretty =
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.readTree(codec.encode(sample)));
            Files.writeString(file, pretty + "\n");
        }

        // When
        Message decoded = codec.decode(Files.readAllBytes(file));

        // Then
        assertThat(decoded).isEqualTo(sample);
        assertThat(JSON.readTree(codec.encode(sample))).isEqualTo(JSON.readTree(Files.readAllBytes(file)));
    }

    @Test
    void everyMessageTypeHasASampleAndAVersionedTypeId() {
        assertThat(samples().map(Object::getClass)).containsExactlyInAnyOrderElementsOf(MessageCodec.messageTypes());
        assertThat(MessageCodec.messageTypes())
                .allSatisfy(type -> assertThat(
                                type.getAnnotation(JsonTypeName.class).value())
                        .matches("[a-z]+(-[a-z]+)*\\.v[0-9]+"));
    }

    @Test
    void messagesAreRecordsWithoutBytesAndWithoutMembersThatCouldHoldSecrets() {
        Set<String> suspicious =
                Set.of("key", "password", "secret", "token", "email", "name", "credential", "mail", "url", "payload");
        for (Class<?> type : MessageCodec.messageTypes()) {
            assertThat(type.isRecord()).as(type.getName()).isTrue();
            for (RecordComponent member : type.getRecordComponents()) {
                assertThat(member.getType().isArray())
                        .as(type.getSimpleName() + "." + member.getName())
                        .isFalse();
                String lower = member.getName().toLowerCase(java.util.Locale.ROOT);
                assertThat(suspicious)
                        .as(type.getSimpleName() + "." + member.getName())
                        .noneMatch(lower::contains);
            }
        }
    }

    @Test
    void unknownMembersAreIgnored() throws IOException {
        // Given
        StepReply.MigrationFinished sample = new StepReply.MigrationFinished(ID, 1, 2);
        ObjectNode json = (ObjectNode) JSON.readTree(codec.encode(sample));
        json.put("addedLater", 1);

        // When
        Message decoded = codec.decode(JSON.writeValueAsBytes(json));

        // Then
        assertThat(decoded).isEqualTo(sample);
    }

    @Test
    void anUnknownTypeAMissingMemberAndGarbageAreRefusedWithoutRepeatingTheRecord() {
        for (String bad : List.of(
                "{\"type\":\"vault-exploded.v1\",\"migrationId\":\"" + ID + "\"}",
                "{\"type\":\"migration-finished.v1\",\"migrationId\":\"canary-8f2\",\"attempt\":1}",
                "{\"type\":\"migration-finished.v1\",\"migrationId\":\"" + ID + "\",\"attempt\":null}",
                "canary-8f2",
                "")) {
            assertThatThrownBy(() -> codec.decode(bad.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(MessageCodec.UnreadableMessageException.class)
                    .hasMessageNotContaining("canary")
                    .hasNoCause();
        }
    }
}

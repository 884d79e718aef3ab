package io.vaultferry.importing.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.OrganizationMembership;
import io.vaultferry.bitwarden.crypto.DecryptionFailedException;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.KeyPair;
import io.vaultferry.bitwarden.crypto.PrivateKey;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepCommand.PrepareTarget;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepReply.StepUndone;
import io.vaultferry.contracts.StepReply.TargetPrepared;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.sandbox.Seed;
import io.vaultferry.testsupport.RecordedAccount;
import io.vaultferry.testsupport.SandboxAuthority;
import io.vaultferry.testsupport.TestMigration;
import io.vaultferry.testsupport.TestOrganization;
import io.vaultferry.testsupport.TestServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(ImportProfile.class)
class PrepareTargetIT {

    private static final String CREATE = "POST /api/organizations";
    private static final String DELETE_COLLECTION = "DELETE /api/organizations/{id}/collections/{collection}";

    @Inject
    PrepareTargetHandler handler;

    @Inject
    UndoImportHandler undo;

    @Inject
    Servers servers;

    @ConfigProperty(name = SandboxAuthority.TLS_DIRECTORY)
    String tls;

    @AfterEach
    void close() {
        servers.close();
    }

    @Test
    void anOrganizationIsCreatedEmptyAndItsOwnerOpensItsKey() throws Exception {
        // Given
        TestMigration migration = creation();

        // When
        TargetPrepared reply = Turn.toTheEnd(handler, create(migration.id()), TargetPrepared.class);

        // Then
        assertThat(reply.created()).isTrue();
        assertCreatedOnce(reply);
    }

    @ParameterizedTest
    @MethodSource("io.vaultferry.importing.messaging.Faults#ofWrites")
    void oneOrganizationIsCreatedWhateverHappensToTheCall(Fault.Mode mode) throws Exception {
        // Given
        TestMigration migration = creation();
        servers.target.sandbox().addFault(Fault.once(CREATE, mode));

        // When
        TargetPrepared reply = Turn.toTheEnd(handler, create(migration.id()), TargetPrepared.class);

        // Then
        assertCreatedOnce(reply);
    }

    @ParameterizedTest
    @MethodSource("io.vaultferry.importing.messaging.Faults#lostAnswers")
    void theFirstCollectionIsGoneWhateverHappensToTheCall(Fault.Mode mode) throws Exception {
        // Given
        TestMigration migration = creation();
        servers.target.sandbox().addFault(Fault.once(DELETE_COLLECTION, mode));

        // When
        TargetPrepared reply = Turn.toTheEnd(handler, create(migration.id()), TargetPrepared.class);

        // Then
        assertCreatedOnce(reply);
    }

    @Test
    void oneOrganizationIsCreatedWhereverAWorkerDies() throws Exception {
        for (int point = 1; ; point++) {
            // Given
            int before = organizations().size();
            TestMigration migration = creation();
            servers.target.sandbox().addFault(Fault.once(CREATE, new Fault.DropAfterEffect()));

            // When
            boolean died = Turn.diesAt(point, handler, create(migration.id()));
            TargetPrepared reply = Turn.toTheEnd(handler, create(migration.id()), TargetPrepared.class);

            // Then
            servers.target.sandbox().clearFaults();
            assertThat(organizations()).as("point %d", point).hasSize(before + 1);
            assertThat(servers.target.owner().collections(new OrganizationId(reply.organizationId())))
                    .isEmpty();
            if (!died) {
                assertThat(point).isGreaterThan(5);
                return;
            }
        }
    }

    @Test
    void aServerThatNamesAnotherPublicKeyForTheAccountDoesNotGetTheOrganizationsKey(@TempDir Path directory)
            throws Exception {
        // Given
        KeyPair attacker = KeyPair.make();
        Files.writeString(directory.resolve("stored.json"), recordedWithOwnersKey(attacker));
        try (TestServer hostile =
                TestServer.start(tls, builder -> builder.seed(Seed.of(directory.resolve("stored.json"), directory)))) {
            assertThat(hostile.owner().publicKey(RecordedAccount.OWNER.id())).isEqualTo(attacker.publicKey());
            TestMigration migration = servers.migration().grantCreation(hostile, "New", "billing@example.test");

            // When
            TargetPrepared reply = Turn.toTheEnd(handler, create(migration.id()), TargetPrepared.class);

            // Then
            EncString wrapped = hostile.owner().profile().organizations().stream()
                    .filter(organization -> organization.id().value().equals(reply.organizationId()))
                    .map(organization ->
                            EncString.parse(organization.wrappedKey().orElseThrow()))
                    .findFirst()
                    .orElseThrow();
            try (PrivateKey owner = RecordedAccount.OWNER.privateKey();
                    SymmetricKey key = owner.unwrap(wrapped)) {
                assertThat(key.isDestroyed()).isFalse();
            }
            assertThatThrownBy(() -> attacker.privateKey().unwrap(wrapped))
                    .isInstanceOf(DecryptionFailedException.class);
        }
    }

    @Test
    void aRefusedCreationFailsTheStep() {
        // Given
        TestMigration migration = creation();
        servers.target.sandbox().addFault(new Fault(CREATE, 1, 9, new Fault.Refuse(400, Duration.ZERO)));

        // Then
        assertFailure(create(migration.id()), FailureCode.CREATION_REFUSED);
        assertThat(organizations()).isEmpty();
    }

    @Test
    void anOrganizationIsAdoptedAsItIs() throws Exception {
        // Given
        TestOrganization target = servers.target.createOrganization();
        TestMigration migration = servers.migrationInto(target);
        long writes = writes();

        // When
        TargetPrepared reply =
                Turn.toTheEnd(handler, new PrepareTarget(migration.id(), 1, false), TargetPrepared.class);

        // Then
        assertThat(reply.created()).isFalse();
        assertThat(reply.organizationId()).isEqualTo(target.id().value());
        assertThat(writes()).isEqualTo(writes);
    }

    @Test
    void aPlainMemberMayNotMigrate() {
        // Given
        TestMigration migration =
                servers.migration().grantTarget(servers.source, servers.recorded, RecordedAccount.ALICE);

        // Then
        assertFailure(new PrepareTarget(migration.id(), 1, false), FailureCode.RIGHTS_MISSING);
    }

    @Test
    void whoIsNotInTheOrganizationMayNotMigrate() {
        // Given
        TestMigration migration = servers.migration()
                .grantTarget(servers.target, servers.target.createOrganization(), RecordedAccount.BOB);

        // Then
        assertFailure(new PrepareTarget(migration.id(), 1, false), FailureCode.ORGANIZATION_NOT_FOUND);
    }

    @Test
    void aCreatedOrganizationStaysWhenTheStepIsUndone() throws Exception {
        // Given
        TestMigration migration = creation();
        Turn.toTheEnd(handler, create(migration.id()), TargetPrepared.class);

        // When
        StepUndone undone = Turn.toTheEnd(undo, new UndoStep(migration.id(), Step.PREPARE_TARGET, 1), StepUndone.class);

        // Then
        assertThat(undone).isEqualTo(new StepUndone(migration.id(), Step.PREPARE_TARGET, 1, 0, 1));
        assertThat(organizations()).hasSize(1);
    }

    private TestMigration creation() {
        return servers.migration().grantCreation(servers.target, "Söhne & Töchter", "billing@example.test");
    }

    private static PrepareTarget create(MigrationId migration) {
        return new PrepareTarget(migration, 1, true);
    }

    private List<OrganizationMembership> organizations() {
        return servers.target.owner().profile().organizations();
    }

    private long writes() {
        return servers.target.sandbox().journal(0).stream()
                .filter(call -> !call.method().equals("GET"))
                .count();
    }

    private void assertFailure(PrepareTarget command, FailureCode code) {
        assertThatThrownBy(() -> Turn.toTheEnd(handler, command, TargetPrepared.class))
                .isInstanceOfSatisfying(
                        StepFailureException.class,
                        failure -> assertThat(failure.failure().code()).isEqualTo(code));
    }

    private void assertCreatedOnce(TargetPrepared reply) {
        assertThat(organizations()).singleElement().satisfies(organization -> {
            assertThat(organization.id().value()).isEqualTo(reply.organizationId());
            assertThat(organization.name()).isEqualTo("Söhne & Töchter");
            try (PrivateKey owner = RecordedAccount.OWNER.privateKey();
                    SymmetricKey key = owner.unwrap(
                            EncString.parse(organization.wrappedKey().orElseThrow()))) {
                assertThat(key.isDestroyed()).isFalse();
            }
            assertThat(servers.target.owner().organization(organization.id()).billingEmail())
                    .isEqualTo("billing@example.test");
            assertThat(servers.target.owner().collections(organization.id())).isEmpty();
        });
    }

    private static String recordedWithOwnersKey(KeyPair pair) throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (InputStream recorded = Seed.class.getResourceAsStream("recorded/stored.json")) {
            JsonNode stored = json.readTree(recorded);
            stored.path("ciphers").forEach(item -> ((ObjectNode) item).putNull("attachments"));
            stored.path("accounts").forEach(account -> {
                if (account.path("email").asText().equals(RecordedAccount.OWNER.email())) {
                    ((ObjectNode) account).put("publicKey", pair.publicKey().base64());
                }
            });
            return json.writeValueAsString(stored);
        }
    }
}

package io.vaultferry.identity.domain;

import static io.vaultferry.identity.domain.People.person;
import static io.vaultferry.identity.domain.People.reads;
import static io.vaultferry.identity.domain.People.readsHidden;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.Invitation;
import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.participant.journal.PlannedWrite;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvitationWriteTest {

    @TempDir
    Path directory;

    private Translation translation;

    @BeforeEach
    void open() {
        translation = new Translation(
                IdMaps.of(ObjectKind.COLLECTION, Map.of("c1", "t1", "c2", "t2"), directory),
                IdMaps.of(ObjectKind.GROUP, Map.of("g1", "u1", "g2", "u2"), directory));
    }

    @Test
    void aPersonIsInvitedWithRoleRightsAndGroups() {
        // When
        PlannedWrite write = InvitationWrite.plan(
                person().as(MemberRole.CUSTOM)
                        .using(List.of(readsHidden("c1"), reads("gone")))
                        .in("g1", "gone", "g2")
                        .allowed(Map.of("manageGroups", true, "accessReports", false))
                        .member(),
                translation);

        // Then
        assertThat(write.sourceId()).isEqualTo("member");
        assertThat(IdentityPayloads.invitation(write.payload()))
                .isEqualTo(new Invitation(
                        "person@example.test",
                        MemberRole.CUSTOM,
                        Map.of("manageGroups", true, "accessReports", false),
                        List.of(readsHidden("t1")),
                        List.of(new GroupId("u1"), new GroupId("u2"))));
    }

    @ParameterizedTest
    @CsvSource({
        "Alice@Example.TEST, alice@example.test",
        "' bob@example.test ', bob@example.test",
        "ÄÖÜ@example.test, äöü@example.test",
        "IRIS@EXAMPLE.TEST, iris@example.test"
    })
    void anAddressIsRecognizedHoweverItIsWritten(String email, String token) {
        assertThat(InvitationWrite.plan(person().withEmail(email).member(), translation)
                        .token())
                .isEqualTo(token);
    }

    @Test
    void theAddressIsSentAsItIsWritten() {
        // When
        PlannedWrite write =
                InvitationWrite.plan(person().withEmail("Alice@Example.TEST").member(), translation);

        // Then
        assertThat(IdentityPayloads.invitation(write.payload()).email()).isEqualTo("Alice@Example.TEST");
    }
}

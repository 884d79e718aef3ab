package io.vaultferry.identity.domain;

import static io.vaultferry.identity.domain.People.edits;
import static io.vaultferry.identity.domain.People.manages;
import static io.vaultferry.identity.domain.People.reads;
import static io.vaultferry.identity.domain.People.readsHidden;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.GroupRequest;
import io.vaultferry.bitwarden.client.MemberId;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.participant.journal.PlannedWrite;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupWriteTest {

    @TempDir
    Path directory;

    private Translation translation;

    @BeforeEach
    void open() {
        translation = new Translation(
                IdMaps.of(ObjectKind.COLLECTION, Map.of("c1", "t1", "c2", "t2"), directory),
                IdMaps.of(ObjectKind.GROUP, Map.of("g1", "u1", "g2", "u2"), directory));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Developers", "Разработчики 🔑", "", "  "})
    void aGroupIsSentWithItsNameAndRightsAndWithoutMembers(String name) {
        // When
        PlannedWrite write = GroupWrite.plan(
                group(name, true, List.of(readsHidden("c1"), manages("c2"), reads("gone")), List.of("somebody")),
                translation);

        // Then
        assertThat(write.sourceId()).isEqualTo("group");
        assertThat(write.token()).isEqualTo(name);
        assertThat(IdentityPayloads.group(write.payload()))
                .isEqualTo(new GroupRequest(
                        name, Optional.of("external"), true, List.of(readsHidden("t1"), manages("t2")), List.of()));
    }

    @Test
    void aGroupAsItWasSentIsUntouched() {
        assertThat(GroupWrite.isAsSent(group("Developers", false, List.of(edits("t1")), List.of()), sent()))
                .isTrue();
        assertThat(GroupWrite.isAsSent(group("Developers", false, List.of(), List.of()), sent()))
                .as("a collection was deleted")
                .isTrue();
    }

    @Test
    void aGroupThatSomebodyEditedIsNot() {
        assertThat(GroupWrite.isAsSent(group("Renamed", false, List.of(edits("t1")), List.of()), sent()))
                .isFalse();
        assertThat(GroupWrite.isAsSent(group("Developers", true, List.of(edits("t1")), List.of()), sent()))
                .isFalse();
        assertThat(GroupWrite.isAsSent(group("Developers", false, List.of(reads("t1")), List.of()), sent()))
                .isFalse();
        assertThat(GroupWrite.isAsSent(
                        group("Developers", false, List.of(edits("t1"), edits("theirs")), List.of()), sent()))
                .isFalse();
        assertThat(GroupWrite.isAsSent(group("Developers", false, List.of(edits("t1")), List.of("somebody")), sent()))
                .isFalse();
    }

    private byte[] sent() {
        return GroupWrite.plan(group("Developers", false, List.of(edits("c1")), List.of()), translation)
                .payload();
    }

    private Group group(String name, boolean accessAll, List<Access<CollectionId>> collections, List<String> members) {
        return new Group(
                new GroupId("group"),
                name,
                Optional.of("external"),
                accessAll,
                collections,
                members.stream().map(MemberId::new).toList());
    }
}

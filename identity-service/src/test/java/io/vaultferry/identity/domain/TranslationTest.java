package io.vaultferry.identity.domain;

import static io.vaultferry.identity.domain.People.edits;
import static io.vaultferry.identity.domain.People.manages;
import static io.vaultferry.identity.domain.People.reads;
import static io.vaultferry.identity.domain.People.readsHidden;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.participant.documents.IdMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranslationTest {

    @TempDir
    Path directory;

    private Translation translation;

    @BeforeEach
    void open() {
        translation = new Translation(
                IdMaps.of(ObjectKind.COLLECTION, Map.of("c1", "t1", "c2", "t2", "c3", "t3"), directory),
                IdMaps.of(ObjectKind.GROUP, Map.of("g1", "u1"), directory));
    }

    @Test
    void everyRightIsTheSameInTheTargetsIds() {
        assertThat(translation.access(List.of(readsHidden("c1"), manages("c2"), edits("c3"))))
                .containsExactly(readsHidden("t1"), manages("t2"), edits("t3"));
    }

    @Test
    void whatWasNotMovedIsLeftOut() {
        assertThat(translation.access(List.of(reads("gone"), reads("c2")))).containsExactly(reads("t2"));
        assertThat(translation.groups(List.of(new GroupId("gone"), new GroupId("g1"))))
                .containsExactly(new GroupId("u1"));
    }

    @Test
    void withoutGroupsNobodyIsInOne() {
        // Given
        Translation withoutGroups = new Translation(IdMap.empty(), IdMap.empty());

        // Then
        assertThat(withoutGroups.groups(List.of(new GroupId("g1")))).isEmpty();
    }

    @Test
    void theTargetsOwnRightWinsOverTheSources() {
        assertThat(Translation.union(List.of(manages("t1"), reads("theirs")), List.of(reads("t1"), edits("t2"))))
                .containsExactly(manages("t1"), reads("theirs"), edits("t2"));
    }

    @Test
    void nobodyIsTwiceInAGroup() {
        assertThat(Translation.unionOfGroups(
                        List.of(new GroupId("u1"), new GroupId("theirs")), List.of(new GroupId("u1"))))
                .containsExactly(new GroupId("u1"), new GroupId("theirs"));
    }
}

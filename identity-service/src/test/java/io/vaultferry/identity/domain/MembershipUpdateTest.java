package io.vaultferry.identity.domain;

import static io.vaultferry.identity.domain.People.edits;
import static io.vaultferry.identity.domain.People.manages;
import static io.vaultferry.identity.domain.People.person;
import static io.vaultferry.identity.domain.People.reads;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.bitwarden.client.MemberUpdate;
import io.vaultferry.contracts.ObjectKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MembershipUpdateTest {

    @TempDir
    Path directory;

    private Translation translation;

    @BeforeEach
    void open() {
        translation = new Translation(
                IdMaps.of(ObjectKind.COLLECTION, Map.of("c1", "t1", "c2", "t2"), directory),
                IdMaps.of(ObjectKind.GROUP, Map.of("g1", "u1"), directory));
    }

    @Test
    void whoHasAllOfItIsLeftAlone() {
        assertThat(update(
                        person().using(List.of(reads("c1"))).in("g1"),
                        person().using(List.of(edits("theirs"), reads("t1"))).in("u1", "theirs")))
                .isEmpty();
    }

    @Test
    void whatTheSourceGivesIsAddedAndWhatTheTargetGivesStays() {
        // When
        Optional<MemberUpdate> update = update(
                person().using(List.of(reads("c1"), manages("c2"))).in("g1"),
                person().using(List.of(edits("theirs"), edits("t1"))).in("theirs"));

        // Then
        assertThat(update)
                .contains(new MemberUpdate(
                        MemberRole.USER,
                        Map.of(),
                        List.of(edits("theirs"), edits("t1"), manages("t2")),
                        List.of(new GroupId("theirs"), new GroupId("u1"))));
    }

    @ParameterizedTest
    @CsvSource({
        "USER, ADMIN, ADMIN",
        "ADMIN, OWNER, OWNER",
        "OWNER, USER, OWNER",
        "CUSTOM, USER, CUSTOM",
        "ADMIN, CUSTOM, ADMIN",
        "USER, MANAGER, MANAGER",
        "MANAGER, CUSTOM, MANAGER"
    })
    void aRoleIsRaisedAndNeverLowered(MemberRole inTarget, MemberRole inSource, MemberRole expected) {
        // When
        MemberRole role = update(person().as(inSource).using(List.of(reads("c1"))), person().as(inTarget))
                .orElseThrow()
                .role();

        // Then
        assertThat(role).isEqualTo(expected);
    }

    @Test
    void theRoleOfTheAccountThatMigratesStaysAsItIs() {
        assertThat(MembershipUpdate.of(
                        person().as(MemberRole.OWNER).member(),
                        person().as(MemberRole.ADMIN).member(),
                        translation,
                        true))
                .isEmpty();
    }

    @Test
    void permissionsOfACustomRoleAreAdded() {
        // When
        Optional<MemberUpdate> update = update(
                person().as(MemberRole.CUSTOM).allowed(Map.of("manageGroups", true, "manageUsers", false)),
                person().as(MemberRole.CUSTOM).allowed(Map.of("manageGroups", false, "manageUsers", true)));

        // Then
        assertThat(update.orElseThrow().permissions()).isEqualTo(Map.of("manageGroups", true, "manageUsers", true));
    }

    @Test
    void aManagerOfAllCollectionsKeepsThatWhenSomethingIsAdded() {
        // Given
        Map<String, Object> all =
                Map.of("createNewCollections", true, "editAnyCollection", true, "deleteAnyCollection", true);

        // When
        Optional<MemberUpdate> update = update(
                person().in("g1"),
                person().as(MemberRole.CUSTOM).withEverything().allowed(all));

        // Then
        assertThat(update.orElseThrow().permissions()).isEqualTo(all);
        assertThat(update.orElseThrow().role()).isEqualTo(MemberRole.CUSTOM);
    }

    @Test
    void whoMayUseEveryCollectionNeedsNoAccessToSingleOnes() {
        assertThat(update(
                        person().using(List.of(reads("c1"))),
                        person().as(MemberRole.OWNER).withEverything()))
                .isEmpty();
    }

    private Optional<MemberUpdate> update(People source, People target) {
        return MembershipUpdate.of(source.member(), target.member(), translation, false);
    }
}

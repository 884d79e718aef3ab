package io.vaultferry.orchestrator.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.contracts.ServerFacts;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import io.vaultferry.orchestrator.connections.Connections.Account;
import io.vaultferry.orchestrator.connections.Connections.Organization;
import io.vaultferry.orchestrator.connections.Connections.Role;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrganizationChoiceTest {

    private static final String ID = "d34adb66-fc99-44ab-ae6b-78ef38ce20a5";

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"OWNER", "ADMIN"})
    void ownersAndAdministratorsMayMigrate(Role role) {
        // When
        Organization organization = Connections.requireOrganization(
                accountWith(new Organization(ID, "Acme", role, true, true)), ID, "source.organization");

        // Then
        assertThat(organization.id()).isEqualTo(ID);
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"OWNER", "ADMIN"},
            mode = EnumSource.Mode.EXCLUDE)
    void othersMayNot(Role role) {
        assertRefused(new Organization(ID, "Acme", role, true, true), ProblemCode.RIGHTS_MISSING);
    }

    @Test
    void disabledOrganizationIsRefused() {
        assertRefused(new Organization(ID, "Acme", Role.OWNER, false, true), ProblemCode.RIGHTS_MISSING);
    }

    @Test
    void organizationWithoutAReadableKeyIsRefused() {
        assertRefused(new Organization(ID, "Acme", Role.OWNER, true, false), ProblemCode.UNSUPPORTED_ENCRYPTION);
    }

    @Test
    void unseenOrganizationIsRefused() {
        assertRefused(new Organization("another", "Acme", Role.OWNER, true, true), ProblemCode.ORGANIZATION_NOT_FOUND);
    }

    @Test
    void equalIdsAreTheSameOrganizationWhateverTheAddress() {
        assertThat(Connections.sameOrganization(ID, ID.toUpperCase(Locale.ROOT)))
                .isTrue();
        assertThat(Connections.sameOrganization(ID, "b966cd33-bcc3-4f46-b0ff-4947574f7989"))
                .isFalse();
    }

    private static void assertRefused(Organization organization, ProblemCode code) {
        Account account = accountWith(organization);
        assertThatThrownBy(() -> Connections.requireOrganization(account, ID, "source.organization"))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.code()).isEqualTo(code);
                    assertThat(problem.problem().errors().getFirst().field()).isEqualTo("source.organization");
                });
    }

    private static Account accountWith(Organization organization) {
        return new Account(
                ConnectionId.make(),
                "https://vault.example.com",
                new ServerFacts("VAULTWARDEN", "1.37.2"),
                "user",
                List.of(organization));
    }
}

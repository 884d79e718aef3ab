package io.vaultferry.participant;

import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.bitwarden.client.OrganizationMembership;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.messaging.StepFailureException;

/** Whether an account may do everything in an organization that a migration needs. */
public final class Administration {

    private Administration() {}

    /**
     * The account's membership in the session's organization. Whoever sees only a part would move only a part, and nothing
     * would tell; so owners and administrators only.
     *
     * @throws StepFailureException with {@link FailureCode#ORGANIZATION_NOT_FOUND} or {@link FailureCode#RIGHTS_MISSING}
     */
    public static OrganizationMembership require(MigrationSession session) {
        OrganizationMembership membership = session.server().profile().organizations().stream()
                .filter(candidate -> candidate.id().equals(session.organization()))
                .findFirst()
                .orElseThrow(() ->
                        new StepFailureException(FailureCode.ORGANIZATION_NOT_FOUND, session.side() + " organization"));
        if (membership.role() != MemberRole.OWNER && membership.role() != MemberRole.ADMIN) {
            throw new StepFailureException(
                    FailureCode.RIGHTS_MISSING, "role " + membership.role() + " on the side " + session.side());
        }
        return membership;
    }
}

package io.vaultferry.participant;

import java.util.Objects;

/** What an operator said about the target organization that is to be created. */
public record OrganizationToCreate(String name, String billingEmail) {

    public OrganizationToCreate {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(billingEmail, "billingEmail");
    }

    @Override
    public String toString() {
        return "OrganizationToCreate[redacted]";
    }
}

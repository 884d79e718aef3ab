package io.vaultferry.exporting.domain;

import io.vaultferry.bitwarden.client.Access;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.contracts.ObjectKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Access to collections in terms of the target's ids, as a set that can be compared. */
final class AccessRights {

    private AccessRights() {}

    /** What the target should say: the source's access to every collection that was moved. */
    static Set<Access<CollectionId>> expected(List<Access<CollectionId>> source, ReportedOutcomes outcomes) {
        Set<Access<CollectionId>> expected = new HashSet<>();
        for (Access<CollectionId> access : source) {
            outcomes.targetOf(ObjectKind.COLLECTION, access.id().value())
                    .ifPresent(target -> expected.add(new Access<>(
                            new CollectionId(target), access.readOnly(), access.hidePasswords(), access.manage())));
        }
        return expected;
    }
}

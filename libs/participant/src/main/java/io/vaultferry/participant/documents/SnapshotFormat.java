package io.vaultferry.participant.documents;

import io.vaultferry.bitwarden.client.Collection;
import io.vaultferry.bitwarden.client.Group;
import io.vaultferry.bitwarden.client.Member;
import io.vaultferry.bitwarden.client.Organization;
import io.vaultferry.bitwarden.client.Policy;
import io.vaultferry.claimcheck.documents.SealedLines;
import java.util.Map;

/** How a snapshot is written down: one object a line, under the name of its kind; items last. */
final class SnapshotFormat {

    static final SealedLines<Line> LINES = new SealedLines<>("snapshot", 1, Line.class, VaultJson.mapper());

    private SnapshotFormat() {}

    /** Exactly one of them is there. */
    record Line(
            Organization organization,
            Collection collection,
            Group group,
            Member member,
            Policy policy,
            Map<String, Object> item) {

        static Line of(Organization organization) {
            return new Line(organization, null, null, null, null, null);
        }

        static Line of(Collection collection) {
            return new Line(null, collection, null, null, null, null);
        }

        static Line of(Group group) {
            return new Line(null, null, group, null, null, null);
        }

        static Line of(Member member) {
            return new Line(null, null, null, member, null, null);
        }

        static Line of(Policy policy) {
            return new Line(null, null, null, null, policy, null);
        }

        static Line ofItem(Map<String, Object> item) {
            return new Line(null, null, null, null, null, item);
        }

        @Override
        public String toString() {
            return "Line[redacted]";
        }
    }
}

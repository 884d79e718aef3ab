package io.vaultferry.bitwarden.client;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;

/** Vaultwarden 1.33 and newer. Policies from {@code org_policy.rs}, limits from {@code main.rs} and {@code ciphers.rs}. */
record VaultwardenProfile() implements ServerProfile {
    private static final Set<Integer> POLICIES = Set.of(0, 1, 2, 3, 5, 6, 7, 8, 14, 15, 16);

    @Override
    public boolean importReportsIds() {
        return false;
    }

    @Override
    public int largestImportItems() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int largestImportRelationships() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int largestImportCollections() {
        return Integer.MAX_VALUE;
    }

    @Override
    public int largestImportBytes() {
        return 20_000_000;
    }

    @Override
    public UploadKind attachmentUploadKind() {
        return UploadKind.DIRECT;
    }

    @Override
    public boolean saysAgainWhereUploadsGo() {
        return false;
    }

    /** The whole form must fit into 525 MB; what surrounds the file in it is far below the margin. */
    @Override
    public long largestAttachmentBytes() {
        return 525_000_000 - 4_096;
    }

    @Override
    public int longestNotes() {
        return 10_000;
    }

    @Override
    public boolean supportsItemType(int type) {
        return type >= 1 && type <= 5;
    }

    @Override
    public boolean supportsPolicy(int type) {
        return POLICIES.contains(type);
    }

    @Override
    public boolean inviteOneByOne() {
        return true;
    }

    @Override
    public boolean canSetGroupExternalId() {
        return true;
    }

    @Override
    public boolean keepsCustomPermissions() {
        return false;
    }

    @Override
    public boolean canCreateOrganization() {
        return true;
    }

    @Override
    public boolean rightsAreInTheToken() {
        return false;
    }

    @Override
    public boolean membersAreReadPerGroup() {
        return true;
    }

    @Override
    public boolean showsAccessOfUnconfirmedMembers() {
        return false;
    }

    @Override
    public int largestBatchOfIds() {
        return 500;
    }

    @Override
    public OptionalInt writesPerMinute() {
        return OptionalInt.empty();
    }

    @Override
    public Duration quiesceTime() {
        return Duration.ofSeconds(3);
    }
}

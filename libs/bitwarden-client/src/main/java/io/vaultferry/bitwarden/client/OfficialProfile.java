package io.vaultferry.bitwarden.client;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * Bitwarden's own server. Import limits from {@code importCiphersLimitation} in its {@code appsettings.json}, which only
 * the cloud applies; rate limits from {@code IpRateLimitOptions} there; the body limit is Kestrel's default.
 *
 * @param version as in {@code GET /config}
 */
record OfficialProfile(String version, boolean cloud) implements ServerProfile {
    private static final int LAST_POLICY = 22;

    @Override
    public boolean importReportsIds() {
        return false;
    }

    @Override
    public int largestImportItems() {
        return cloud ? 40_000 : Integer.MAX_VALUE;
    }

    @Override
    public int largestImportRelationships() {
        return cloud ? 80_000 : Integer.MAX_VALUE;
    }

    @Override
    public int largestImportCollections() {
        return cloud ? 2_000 : Integer.MAX_VALUE;
    }

    @Override
    public int largestImportBytes() {
        return 30_000_000;
    }

    @Override
    public UploadKind attachmentUploadKind() {
        return cloud ? UploadKind.SIGNED_ADDRESS : UploadKind.DIRECT;
    }

    @Override
    public boolean saysAgainWhereUploadsGo() {
        return true;
    }

    @Override
    public long largestAttachmentBytes() {
        return 525_336_576;
    }

    @Override
    public int longestNotes() {
        return 10_000;
    }

    /** Bank accounts, licenses and passports came with 2026.2. */
    @Override
    public boolean supportsItemType(int type) {
        return type >= 1 && type <= (isAtLeast(2026, 2) ? 8 : 5);
    }

    @Override
    public boolean supportsPolicy(int type) {
        return type >= 0 && type <= LAST_POLICY;
    }

    @Override
    public boolean inviteOneByOne() {
        return false;
    }

    @Override
    public boolean canSetGroupExternalId() {
        return false;
    }

    @Override
    public boolean keepsCustomPermissions() {
        return true;
    }

    /** On a server of one's own an organization comes with a license file. */
    @Override
    public boolean canCreateOrganization() {
        return cloud;
    }

    @Override
    public boolean rightsAreInTheToken() {
        return true;
    }

    @Override
    public boolean membersAreReadPerGroup() {
        return false;
    }

    @Override
    public boolean showsAccessOfUnconfirmedMembers() {
        return true;
    }

    @Override
    public int largestBatchOfIds() {
        return 500;
    }

    @Override
    public OptionalInt writesPerMinute() {
        return cloud ? OptionalInt.of(60) : OptionalInt.empty();
    }

    @Override
    public Duration quiesceTime() {
        return Duration.ofSeconds(10);
    }

    private boolean isAtLeast(int year, int month) {
        String[] parts = version.split("\\.", 3);
        try {
            int ownYear = Integer.parseInt(parts[0]);
            return ownYear > year || (ownYear == year && parts.length > 1 && Integer.parseInt(parts[1]) >= month);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}

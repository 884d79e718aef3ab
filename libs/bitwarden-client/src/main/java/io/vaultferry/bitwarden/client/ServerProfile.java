package io.vaultferry.bitwarden.client;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a kind of server can do and how it behaves where kinds differ. Everything that depends on the kind of a server
 * is asked here.
 *
 * <p>Facts about the official servers were read in bitwarden/server (2026.8), those about Vaultwarden in
 * dani-garcia/vaultwarden (1.37) and seen on a running one.
 */
public interface ServerProfile {
    /** Whether an import answers with the ids that it gave. No known server does. */
    boolean importReportsIds();

    /** The most items that one import may hold. */
    int largestImportItems();

    /** The most links between items and collections that one import may hold. */
    int largestImportRelationships();

    /** The most collections that one import may name. */
    int largestImportCollections();

    /** The largest request body that is not a file, in bytes. */
    int largestImportBytes();

    /** How the bytes of attachments are expected to travel; each slot says so again. */
    UploadKind attachmentUploadKind();

    /** Whether the server can be asked again where the bytes of a file go, after it has made the place for them. */
    boolean saysAgainWhereUploadsGo();

    /** The largest file, encrypted, in bytes. */
    long largestAttachmentBytes();

    /** The longest encrypted notes, in characters. */
    int longestNotes();

    /** Whether items of this type can be written. */
    boolean supportsItemType(int type);

    /** Whether this policy can be set. */
    boolean supportsPolicy(int type);

    /** Whether an invitation may name only one person: the first that is known already ends the call. */
    boolean inviteOneByOne();

    /** Whether a new group can be given an external id. */
    boolean canSetGroupExternalId();

    /** Whether the single permissions of a custom role are kept. */
    boolean keepsCustomPermissions();

    /** Whether an account can create an organization by itself. */
    boolean canCreateOrganization();

    /** Whether rights are taken from the access token, so that it has to be renewed after they change. */
    boolean rightsAreInTheToken();

    /** Whether the members of groups are to be asked for group by group. */
    boolean membersAreReadPerGroup();

    /** Whether a listing of members shows what those who are not confirmed have been given. */
    boolean showsAccessOfUnconfirmedMembers();

    /** The most ids in one call that deletes or trashes. */
    int largestBatchOfIds();

    /** How many writes a minute one address path takes, where that is limited. */
    OptionalInt writesPerMinute();

    /** How long to wait between two listings that must be equal before an unknown outcome counts as settled. */
    Duration quiesceTime();

    static ServerProfile of(ServerInfo info) {
        return switch (info.kind()) {
            case BITWARDEN_CLOUD -> new OfficialProfile(info.version(), true);
            case BITWARDEN_SELF_HOSTED -> new OfficialProfile(info.version(), false);
            // Whoever names itself and is not known here is a reimplementation, so the more modest limits hold.
            case VAULTWARDEN, OTHER -> new VaultwardenProfile();
        };
    }
}

package io.vaultferry.attachment;

import io.vaultferry.bitwarden.client.Attachment;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.Download;
import io.vaultferry.bitwarden.client.Item;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.crypto.AttachmentCrypto;
import io.vaultferry.bitwarden.crypto.AttachmentKeys;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.ItemCrypto;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.grant.Grant;
import io.vaultferry.participant.documents.ManifestFile;
import io.vaultferry.sandbox.SandboxConfig;
import io.vaultferry.testsupport.migration.GrantingOrchestrator;
import io.vaultferry.testsupport.migration.MovedByHand;
import io.vaultferry.testsupport.migration.OrganizationOnServer;
import io.vaultferry.testsupport.migration.RecordedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/**
 * The recorded organization on one server and, on another, one with the same items and no files; and a migration between the two
 * for which this service is given grants.
 */
public final class TwoOrganizations implements AutoCloseable {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final OrganizationOnServer source;
    private final OrganizationOnServer target;
    private final MovedByHand moved;
    private final byte[] stagingKey = new byte[StagingKey.LENGTH];

    private TwoOrganizations(OrganizationOnServer source, OrganizationOnServer target) {
        this.source = source;
        this.target = target;
        this.moved = new MovedByHand(source, target).collections().items();
        RANDOM.nextBytes(stagingKey);
    }

    public static TwoOrganizations open() {
        return open(UnaryOperator.identity());
    }

    public static TwoOrganizations open(UnaryOperator<SandboxConfig.Builder> changesOfSource) {
        return new TwoOrganizations(
                OrganizationOnServer.recorded(changesOfSource), OrganizationOnServer.empty(UnaryOperator.identity()));
    }

    public OrganizationOnServer source() {
        return source;
    }

    public OrganizationOnServer target() {
        return target;
    }

    /** A copy, which the caller closes. */
    public StagingKey stagingKey() {
        return StagingKey.takeCopyOf(stagingKey);
    }

    /** A new migration between the two. */
    public MigrationId newMigration() {
        MigrationId migration = MigrationId.make();
        GrantingOrchestrator.leave(Participant.ATTACHMENT, migration, source.grant(Side.SOURCE, stagingKey));
        GrantingOrchestrator.leave(Participant.ATTACHMENT, migration, target.grant(Side.TARGET, stagingKey));
        return migration;
    }

    /** Has this service find another access token to the target when it asks again. */
    public void giveAnotherTokenForTarget(MigrationId migration) {
        String old = target.grant(Side.TARGET, stagingKey).accessToken();
        // Tokens of the same second are the same.
        Grant other = Awaitility.await()
                .until(
                        () -> target.grantOf(OrganizationOnServer.OWNER_EMAIL, Side.TARGET, stagingKey),
                        grant -> !grant.accessToken().equals(old));
        GrantingOrchestrator.leave(Participant.ATTACHMENT, migration, other);
    }

    /** Sends this service elsewhere when it asks the source. */
    public void replaceSource(MigrationId migration, URI url) {
        leave(migration, source.grant(Side.SOURCE, stagingKey), url);
    }

    /** The same for the target. */
    public void replaceTarget(MigrationId migration, URI url) {
        leave(migration, target.grant(Side.TARGET, stagingKey), url);
    }

    private static void leave(MigrationId migration, Grant grant, URI url) {
        GrantingOrchestrator.leave(
                Participant.ATTACHMENT,
                migration,
                new Grant(
                        grant.side(),
                        url.toString(),
                        grant.organizationId(),
                        grant.organizationKey(),
                        grant.accessToken(),
                        grant.expiresAt(),
                        grant.userId(),
                        grant.email(),
                        grant.deviceIdentifier(),
                        grant.stagingKey(),
                        null,
                        null,
                        null));
    }

    /** Puts so many other bytes into the place of a file's, encrypted as its keys say. The record goes on stating its old size. */
    public void fillAtSource(ManifestFile file, long size) throws IOException {
        try (SymmetricKey key = source.key();
                AttachmentKeys.Opened opened = AttachmentKeys.open(keysOf(file), key);
                SeekableByteChannel bytes = Files.newByteChannel(
                        source.bytesOf(file.sourceItem(), file.sourceAttachment()),
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            AttachmentCrypto.encrypt(new Pattern(size), opened.contentKey(), bytes);
        }
    }

    /** Bytes that are not all the same, out of nothing. */
    private static final class Pattern extends InputStream {

        private final long size;
        private long position;

        Pattern(long size) {
            this.size = size;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] buffer, int offset, int count) {
            if (position == size) {
                return -1;
            }
            int read = (int) Math.min(count, size - position);
            for (int i = 0; i < read; i++) {
                buffer[offset + i] = (byte) ((position + i) * 31);
            }
            position += read;
            return read;
        }
    }

    /** What IMPORT_ITEMS says about the files. */
    public List<ManifestFile> manifest() {
        Map<ItemId, Item> there = new HashMap<>();
        target.session().forEachItem(target.id(), item -> there.put(item.id(), item));
        List<ManifestFile> files = new ArrayList<>();
        for (Item item : source.session().items(source.id())) {
            for (Attachment file : item.attachments()) {
                files.add(line(item, file, there.get(targetOf(item.id()))));
            }
        }
        return files;
    }

    /** The line of the only file of that name, on whichever item. */
    public ManifestFile file(String name) {
        try (SymmetricKey key = source.key()) {
            return manifest().stream()
                    .filter(file -> nameOf(file, key).equals(name))
                    .reduce((one, other) -> {
                        throw new IllegalArgumentException("there are more of that name");
                    })
                    .orElseThrow();
        }
    }

    private static String nameOf(ManifestFile file, SymmetricKey organizationKey) {
        try (AttachmentKeys.Opened opened = AttachmentKeys.open(keysOf(file), organizationKey)) {
            return opened.fileName();
        }
    }

    private static AttachmentKeys.Source keysOf(ManifestFile file) {
        return new AttachmentKeys.Source(
                file.sourceItemKey().orElse(null),
                file.attachmentKeyText().map(EncString::parse).orElse(null),
                EncString.parse(file.fileNameText()));
    }

    private static ManifestFile line(Item item, Attachment file, Item there) {
        return new ManifestFile(
                item.id(),
                file.id(),
                there.id(),
                file.size(),
                item.key(),
                file.keyText(),
                file.fileNameText(),
                there.key());
    }

    public ItemId targetOf(ItemId item) {
        return new ItemId(moved.targetOf(ObjectKind.ITEM, item.value()));
    }

    /** Every file of the target whose record is listed, downloaded and decrypted. */
    public List<RecordedFile> filesAtTarget() {
        return files(target);
    }

    /** The same of the source. */
    public List<RecordedFile> filesAtSource() {
        return files(source);
    }

    private static List<RecordedFile> files(OrganizationOnServer organization) {
        List<RecordedFile> files = new ArrayList<>();
        try (SymmetricKey key = organization.key()) {
            for (Item item : organization.session().items(organization.id())) {
                for (Attachment file : item.attachments()) {
                    files.add(decrypted(organization, key, item, file));
                }
            }
        }
        return files;
    }

    private static RecordedFile decrypted(
            OrganizationOnServer organization, SymmetricKey key, Item item, Attachment file) {
        String itemName = String.valueOf(ItemCrypto.decrypt(item.json(), key).get("name"));
        AttachmentKeys.Source keys =
                new AttachmentKeys.Source(item.key().orElse(null), file.key().orElse(null), file.fileName());
        try (AttachmentKeys.Opened opened = AttachmentKeys.open(keys, key);
                Download download =
                        organization.session().download(organization.session().attachmentLink(item.id(), file.id()))) {
            byte[] plain = AttachmentCrypto.decrypt(download.body().readAllBytes(), opened.contentKey());
            return new RecordedFile(itemName, opened.fileName(), plain.length, sha256(plain));
        } catch (NotFoundException e) {
            return new RecordedFile(
                    itemName, "a record without bytes", -1, file.id().value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records of the target that belong to an item of the source. */
    public List<AttachmentId> recordsAtTarget(ItemId sourceItem) {
        return target.session().item(targetOf(sourceItem)).attachments().stream()
                .map(Attachment::id)
                .toList();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() {
        moved.close();
        target.close();
        source.close();
    }
}

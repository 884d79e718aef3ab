package io.vaultferry.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.bitwarden.crypto.AttachmentCrypto;
import io.vaultferry.bitwarden.crypto.AttachmentKeys.Generation;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.sandbox.Seed;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * The recorded organization with further items and files, in the form in which a sandbox takes it. Names, sizes and contents are
 * the same each time, keys are not. All generations of files come in turn, also the one that no server takes any more.
 *
 * <p>A file is made and encrypted as a stream, whatever its size.
 */
final class LargerOrganization {

    static final int LARGEST_SMALL_FILE = 64 * 1024;

    private static final List<Generation> IN_TURN = List.of(
            Generation.OWN_KEY_UNDER_ORGANIZATION_KEY, Generation.OWN_KEY_UNDER_ITEM_KEY, Generation.NO_OWN_KEY);
    private static final int FILES_OF_AN_ITEM = 4;
    private static final int SECURE_NOTE = 2;
    private static final int BUFFER = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final ObjectNode stored;
    private final SymmetricKey organizationKey;
    private final SplittableRandom random = new SplittableRandom(42);
    private int items;
    private int files;
    private long bytes;

    private LargerOrganization(Path directory, ObjectNode stored, SymmetricKey organizationKey) {
        this.directory = directory;
        this.stored = stored;
        this.organizationKey = organizationKey;
    }

    /**
     * What was made.
     *
     * @param bytes of the additional files, encrypted
     */
    record Made(Seed seed, int files, long bytes) {}

    /**
     * Writes the organization into a directory, which may be removed when the sandbox has started.
     *
     * @throws DemoException when the disk is full or cannot be written
     */
    static Made make(MoreFiles more, Path directory) {
        try {
            Files.createDirectories(directory);
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < more.neededDisk()) {
                throw new DemoException(
                        "%d MiB are free where %s is, and the files need %d MiB: ask for fewer or smaller ones"
                                .formatted(free >> 20, directory, more.neededDisk() >> 20));
            }
            ObjectNode stored = recorded();
            byte[] key = Base64.getDecoder()
                    .decode(stored.get("decryptedOrganizationKey").textValue());
            try (SymmetricKey organizationKey = SymmetricKey.takeOwnershipOf(key)) {
                return new LargerOrganization(directory, stored, organizationKey).make(more);
            }
        } catch (IOException e) {
            throw new DemoException("The additional files cannot be written: " + e, e);
        }
    }

    private Made make(MoreFiles more) throws IOException {
        copyRecordedFiles();
        for (int left = more.small(); left > 0; left -= FILES_OF_AN_ITEM) {
            addItem(Math.min(FILES_OF_AN_ITEM, left), 1, LARGEST_SMALL_FILE + 1);
        }
        for (int left = more.large(); left > 0; left--) {
            addItem(1, more.largeSize(), more.largeSize() + 1);
        }
        Path storedJson = directory.resolve("stored.json");
        JSON.writeValue(storedJson.toFile(), stored);
        return new Made(Seed.of(storedJson, directory), files, bytes);
    }

    /** A note with so many files, each at least {@code least} and less than {@code most} bytes. */
    private void addItem(int itsFiles, long least, long most) throws IOException {
        Generation generation = IN_TURN.get(items % IN_TURN.size());
        items++;
        try (SymmetricKey itemKey = SymmetricKey.make()) {
            boolean hasOwnKey = generation == Generation.OWN_KEY_UNDER_ITEM_KEY;
            SymmetricKey fieldsKey = hasOwnKey ? itemKey : organizationKey;
            ObjectNode item = emptyNote();
            item.put(
                    "id",
                    UUID.nameUUIDFromBytes(("item " + items).getBytes(StandardCharsets.UTF_8))
                            .toString());
            item.put("key", hasOwnKey ? organizationKey.wrap(itemKey).text() : null);
            item.put("name", fieldsKey.encryptText("Folder of papers " + items).text());
            ArrayNode attachments = item.putArray("attachments");
            for (int i = 0; i < itsFiles; i++) {
                addFile(attachments, generation, fieldsKey, random.nextLong(least, most));
            }
            item.withArray("collectionIds").add(stored.at("/collections/0/id"));
            ((ArrayNode) stored.get("ciphers")).add(item);
        }
    }

    private void addFile(ArrayNode attachments, Generation generation, SymmetricKey fieldsKey, long size)
            throws IOException {
        files++;
        String id = "%020x".formatted(files);
        boolean hasOwnKey = generation != Generation.NO_OWN_KEY;
        try (SymmetricKey contentKey = hasOwnKey ? SymmetricKey.make() : organizationKey.copy()) {
            long encrypted = write(directory.resolve(id), size, contentKey);
            bytes += encrypted;
            attachments
                    .addObject()
                    .put("id", id)
                    .put(
                            "fileName",
                            fieldsKey.encryptText("paper-" + files + ".bin").text())
                    .put("size", Long.toString(encrypted))
                    .put("key", hasOwnKey ? fieldsKey.wrap(contentKey).text() : null);
        }
    }

    private long write(Path file, long size, SymmetricKey contentKey) throws IOException {
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            return AttachmentCrypto.encrypt(new Noise(random.split(), size), contentKey, channel);
        }
    }

    private ObjectNode emptyNote() {
        for (JsonNode item : stored.get("ciphers")) {
            if (item.get("type").intValue() == SECURE_NOTE
                    && item.get("deletedDate").isNull()) {
                ObjectNode note = item.deepCopy();
                note.putNull("notes");
                note.putArray("fields");
                note.putArray("passwordHistory");
                note.putArray("collectionIds");
                return note;
            }
        }
        throw new DemoException("The recorded organization has no note");
    }

    private void copyRecordedFiles() throws IOException {
        for (JsonNode item : stored.get("ciphers")) {
            for (JsonNode attachment : item.get("attachments")) {
                String id = attachment.get("id").textValue();
                try (InputStream in = openRecorded("attachments/" + id)) {
                    Files.copy(in, directory.resolve(id), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static ObjectNode recorded() throws IOException {
        try (InputStream in = openRecorded("stored.json")) {
            return (ObjectNode) JSON.readTree(in);
        }
    }

    private static InputStream openRecorded(String name) throws FileNotFoundException {
        InputStream in = Seed.class.getResourceAsStream("recorded/" + name);
        if (in == null) {
            throw new FileNotFoundException("recorded/" + name);
        }
        return in;
    }

    /** Bytes that look like nothing and are the same each time. */
    private static final class Noise extends InputStream {

        private final SplittableRandom random;
        private final byte[] block = new byte[BUFFER];
        private long left;
        private int position = BUFFER;

        Noise(SplittableRandom random, long length) {
            this.random = random;
            this.left = length;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            if (position == block.length) {
                random.nextBytes(block);
                position = 0;
            }
            int count = (int) Math.min(Math.min(length, block.length - position), left);
            System.arraycopy(block, position, buffer, offset, count);
            position += count;
            left -= count;
            return count;
        }
    }
}

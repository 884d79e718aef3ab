package io.vaultferry.claimcheck.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * How one kind of document is written and read: sealed, a header line that names kind and version, then one JSON object a
 * line. Thread-safe.
 *
 * <pre>
 * {"document":"outcomes","version":1}
 * {"kind":"ITEM", ...}
 * </pre>
 *
 * <p>The sealing binds the document to its migration, kind and version: it opens as nothing else.
 *
 * @param <T> what a line holds
 */
public final class SealedLines<T> {

    /** The longest line that is read: a vault item with everything in it is far below. */
    private static final int LONGEST_LINE = 32 * 1024 * 1024;

    private final String kind;
    private final int version;
    private final Class<T> lineType;
    private final ObjectMapper mapper;

    /**
     * @param kind the document's name, as lower-case words with hyphens
     * @param version counts up when lines written so far could no longer be read
     * @param mapper writes and reads the lines; must not be changed afterwards
     */
    public SealedLines(String kind, int version, Class<T> lineType, ObjectMapper mapper) {
        this.kind = Objects.requireNonNull(kind);
        this.version = version;
        this.lineType = Objects.requireNonNull(lineType);
        this.mapper = Objects.requireNonNull(mapper);
    }

    /**
     * Writes a document. When the lines' source fails there is none, and its exception passes.
     *
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be written
     */
    public ClaimCheck write(ClaimCheckStore store, StagingKey key, MigrationId migration, Source<T> source) {
        return store.put(migration, kind, out -> {
            try (OutputStream sealing = key.sealing(out, associatedData(migration))) {
                ObjectNode header =
                        mapper.createObjectNode().put("document", kind).put("version", version);
                writeLine(sealing, mapper.writeValueAsBytes(header));
                source.writeTo(line -> writeLine(sealing, encoded(line)));
            }
        });
    }

    /**
     * Opens a document and checks its header.
     *
     * @throws StagedDataDamagedException when it does not open, or is of another kind or version; reading throws it too
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the store cannot be read; reading throws it too
     */
    public Lines<T> open(ClaimCheckStore store, StagingKey key, MigrationId migration, ClaimCheck check) {
        InputStream stored = store.get(check);
        try {
            InputStream opened = key.opening(stored, associatedData(migration));
            Lines<T> lines = new Lines<>(opened, mapper.readerFor(lineType));
            checkHeader(lines.nextLine());
            return lines;
        } catch (IOException e) {
            throw closing(stored, new StagedDataDamagedException("a sealed document does not open"));
        } catch (RuntimeException e) {
            throw closing(stored, e);
        }
    }

    private void checkHeader(byte[] line) throws IOException {
        JsonNode header = line == null ? null : mapper.readTree(line);
        if (header == null
                || !kind.equals(header.path("document").asText())
                || version != header.path("version").asInt()) {
            throw new StagedDataDamagedException("a staged document is not a " + kind + " of version " + version);
        }
    }

    private byte[] encoded(T line) {
        try {
            return mapper.writeValueAsBytes(line);
        } catch (JsonProcessingException e) {
            // Without its cause: Jackson's messages may quote what they could not write.
            throw new IllegalStateException("a line of a " + kind + " is not encodable");
        }
    }

    private static void writeLine(OutputStream out, byte[] json) throws IOException {
        out.write(json);
        out.write('\n');
    }

    private String associatedData(MigrationId migration) {
        return "document|" + migration + "|" + kind + ".v" + version;
    }

    private static RuntimeException closing(InputStream stream, RuntimeException failure) {
        try {
            stream.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    /** Where a document's lines come from. */
    @FunctionalInterface
    public interface Source<T> {

        /** Gives every line to the sink, in order. */
        void writeTo(Sink<T> sink) throws IOException;
    }

    /** Takes a document's lines. */
    @FunctionalInterface
    public interface Sink<T> {

        /** Writes one line. */
        void add(T line) throws IOException;
    }

    /** The lines of an open document, one after the other. Not thread-safe; close it. */
    public static final class Lines<T> implements Iterator<T>, AutoCloseable {

        private final InputStream in;
        private final ObjectReader reader;
        private final byte[] buffer = new byte[64 * 1024];
        private int position;
        private int filled;
        private byte[] upcoming;
        private boolean fetched;

        private Lines(InputStream in, ObjectReader reader) {
            this.in = in;
            this.reader = reader;
        }

        @Override
        public boolean hasNext() {
            if (!fetched) {
                upcoming = nextLine();
                fetched = true;
            }
            return upcoming != null;
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            byte[] line = upcoming;
            upcoming = null;
            fetched = false;
            try {
                return reader.readValue(line);
            } catch (IOException e) {
                // Without its cause: Jackson's messages may quote what they could not read.
                throw new StagedDataDamagedException("a line of a staged document is not readable");
            }
        }

        private byte[] nextLine() {
            try {
                if (position == filled && !fill()) {
                    return null;
                }
                ByteArrayOutputStream before = new ByteArrayOutputStream(0);
                int end = endOfLine();
                while (end < 0) {
                    before.write(buffer, position, filled - position);
                    if (before.size() > LONGEST_LINE || !fill()) {
                        throw new StagedDataDamagedException("a line of a staged document does not end");
                    }
                    end = endOfLine();
                }
                byte[] rest = Arrays.copyOfRange(buffer, position, end);
                position = end + 1;
                if (before.size() == 0) {
                    return rest;
                }
                before.write(rest);
                return before.toByteArray();
            } catch (IOException e) {
                throw new StagedDataDamagedException("a staged document is not readable");
            }
        }

        /** Where the present line ends in the buffer; -1 when it does not. */
        private int endOfLine() {
            for (int i = position; i < filled; i++) {
                if (buffer[i] == '\n') {
                    return i;
                }
            }
            return -1;
        }

        /** Reads on; false at the end of the document. */
        private boolean fill() throws IOException {
            int read = in.read(buffer);
            position = 0;
            filled = Math.max(0, read);
            return read >= 0;
        }

        @Override
        public void close() {
            try {
                in.close();
            } catch (IOException e) {
                // What was read is authentic; nothing depends on how a document that is only read is closed.
                return;
            }
        }
    }
}

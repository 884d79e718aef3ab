package io.vaultferry.benchmarks.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vaultferry.bitwarden.client.AccessToken;
import io.vaultferry.bitwarden.client.AccessTokens;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.AttachmentSlot;
import io.vaultferry.bitwarden.client.BitwardenServer;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.ClientSettings;
import io.vaultferry.bitwarden.client.Download;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.ServerAddress;
import io.vaultferry.bitwarden.client.UploadKind;
import io.vaultferry.bitwarden.crypto.AttachmentFormat;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.bitwarden.crypto.VerifyingInputStream;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Moves files of {@link FileServer}s as attachment-service moves a file that has a key of its own: with the same client, through
 * the same check, without a spool. Each line of input is an order, {@code CHECK COUNT SIZE PARALLEL}, and each is answered by a
 * line: how many nanoseconds it took, and how many bytes of heap the JVM holds.
 */
public final class Mover {

    /** What happens to the bytes on their way. */
    enum Check {
        /** Nothing: the bare transport. */
        NONE,
        /** The authentication code is checked before the last byte leaves. */
        HMAC,
        /** That, and what arrived is read back, checked and compared by its header, as attachment-service does. */
        READ_BACK
    }

    private static final int BUFFER = 128 * 1024;

    private final BitwardenSession source;
    private final BitwardenSession target;
    private final SymmetricKey key = SyntheticFile.key();
    private final EncString fileName = key.encryptText("a file");

    private Mover(String source, String target) {
        this.source = session(source);
        this.target = session(target);
    }

    private static BitwardenSession session(String url) {
        return BitwardenServer.at(
                        ServerAddress.of(url), ClientSettings.defaults().withInsecureServers(true))
                .session(AccessTokens.fixed(
                        AccessToken.of("benchmark", Instant.now().plus(Duration.ofDays(1)))));
    }

    public static void main(String[] arguments) throws Exception {
        Mover mover = new Mover(arguments[0], arguments[1]);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] words = order.split(" ", -1);
            long nanos = mover.move(
                    Check.valueOf(words[0]),
                    Integer.parseInt(words[1]),
                    Long.parseLong(words[2]),
                    Integer.parseInt(words[3]));
            System.out.println(nanos + " " + Runtime.getRuntime().totalMemory());
            System.out.flush();
        }
        System.exit(0);
    }

    private long move(Check check, int count, long size, int parallel) throws InterruptedException, ExecutionException {
        long began = System.nanoTime();
        try (ExecutorService workers = Executors.newFixedThreadPool(parallel)) {
            List<Future<?>> moves = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                // The same names each time, so that a server that keeps files keeps no more than one order's.
                AttachmentId file = new AttachmentId("m" + i);
                moves.add(workers.submit(() -> {
                    move(check, file, size);
                    return null;
                }));
            }
            for (Future<?> move : moves) {
                move.get();
            }
        }
        return System.nanoTime() - began;
    }

    private void move(Check check, AttachmentId file, long size) throws IOException {
        ItemId item = new ItemId(Long.toString(size));
        AttachmentSlot slot = new AttachmentSlot(item, file, UploadKind.DIRECT, "");
        try (Download download = source.download(source.attachmentLink(item, file))) {
            long length = download.length().orElseThrow();
            switch (check) {
                case NONE -> target.uploadAttachment(slot, fileName, download.body(), length);
                case HMAC -> target.uploadAttachment(slot, fileName, verified(download), length);
                case READ_BACK -> {
                    Beginning sent = new Beginning(verified(download));
                    target.uploadAttachment(slot, fileName, sent, length);
                    if (!Arrays.equals(sent.header(), readBack(item, file))) {
                        throw new IOException("other bytes arrived than were sent");
                    }
                }
            }
        }
    }

    private InputStream verified(Download download) {
        return new VerifyingInputStream(download.body(), download.length().orElseThrow(), key);
    }

    /** The header of a genuine file at the target: with its code checked, the header stands for the whole. */
    private byte[] readBack(ItemId item, AttachmentId file) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (Download download = target.download(target.attachmentLink(item, file))) {
            Beginning there = new Beginning(verified(download));
            while (there.read(buffer) >= 0) {
                // The last read fails when the file is not genuine.
            }
            return there.header();
        }
    }

    /** Notes the header of a file while it passes. */
    private static final class Beginning extends FilterInputStream {

        private final byte[] header = new byte[AttachmentFormat.HEADER];
        private int noted;

        Beginning(InputStream in) {
            super(in);
        }

        byte[] header() {
            return header;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            int read = super.read(buffer, offset, count);
            int more = Math.min(Math.max(0, read), header.length - noted);
            System.arraycopy(buffer, offset, header, noted, more);
            noted += more;
            return read;
        }
    }
}

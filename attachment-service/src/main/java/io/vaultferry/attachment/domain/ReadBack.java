package io.vaultferry.attachment.domain;

import io.vaultferry.bitwarden.client.Download;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.bitwarden.crypto.VerifyingInputStream;
import io.vaultferry.messaging.StepContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/**
 * Looks at the bytes that a server gives for a file: whether they have the length that they should have and fit their
 * authentication code, and whether they are those that were sent. One pass, one hash, one buffer.
 */
final class ReadBack {

    private static final int BUFFER = 128 * 1024;

    private final StepContext lease;

    ReadBack(StepContext lease) {
        this.lease = lease;
    }

    /**
     * Whether the server has exactly what was sent. The same header would not be enough, since what follows it may differ; nor
     * the code alone, since the server may have another file of the same key.
     *
     * @param passes is told how far it is
     * @throws IOException when the bytes stop coming
     */
    boolean isWhatWasSent(Download download, FileHeader sent, Passes passes, SymmetricKey contentKey)
            throws IOException {
        FileHeader there = new FileHeader();
        return isGenuine(download, passes.length(), contentKey, there, passes::readBack) && there.isSameAs(sent);
    }

    /**
     * Whether these are the bytes of some file of that key and of exactly that length.
     *
     * @throws IOException when the bytes stop coming
     */
    boolean isGenuine(Download download, long length, SymmetricKey contentKey) throws IOException {
        return isGenuine(download, length, contentKey, new FileHeader(), passed -> {});
    }

    private boolean isGenuine(
            Download download, long length, SymmetricKey contentKey, FileHeader header, LongConsumer progress)
            throws IOException {
        if (download.length().orElse(length) != length) {
            return false;
        }
        byte[] buffer = new byte[(int) Math.min(BUFFER, length)];
        try (InputStream verified =
                new VerifyingInputStream(new OfLength(download.body(), length), length, contentKey)) {
            long passed = 0;
            for (int read = verified.read(buffer); read >= 0; read = verified.read(buffer)) {
                lease.checkpoint();
                header.pass(buffer, 0, read);
                passed += read;
                progress.accept(passed);
            }
            return true;
        } catch (CryptoException | OtherLength e) {
            return false;
        }
    }

    /** Tells a file of another length from a connection that broke. */
    private static final class OfLength extends FilterInputStream {

        private final long length;
        private long passed;

        OfLength(InputStream in, long length) {
            super(in);
            this.length = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            int read = super.read(buffer, offset, count);
            passed += Math.max(0, read);
            if (passed > length || (read < 0 && passed < length)) {
                throw new OtherLength();
            }
            return read;
        }
    }

    private static final class OtherLength extends IOException {
        private static final long serialVersionUID = 1L;
    }
}

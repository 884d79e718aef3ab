package io.vaultferry.attachment.domain;

import io.vaultferry.bitwarden.crypto.AttachmentKeys.Generation;
import io.vaultferry.messaging.StepContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * How far a file is. Its bytes pass several times: they are sent and read back, and encrypted anew into the spool before that
 * where the file has no key of its own. Each pass counts for its part of the file, so that all bytes have moved when the last
 * one was read back, and no pass looks like a standstill.
 *
 * @param length of the file, encrypted
 * @param passes how often its bytes pass
 */
record Passes(StepContext lease, long length, int passes) {

    private static final int AS_IT_IS = 2;
    private static final int ENCRYPTED_ANEW = 3;

    static Passes of(Generation generation, long length, StepContext lease) {
        return new Passes(lease, length, generation == Generation.NO_OWN_KEY ? ENCRYPTED_ANEW : AS_IT_IS);
    }

    /** So many bytes have been spooled. */
    void spooled(long bytes) {
        tell(passes - ENCRYPTED_ANEW, bytes);
    }

    /** So many bytes have been sent. */
    void sent(long bytes) {
        tell(passes - AS_IT_IS, bytes);
    }

    /** So many bytes have been read back. */
    void readBack(long bytes) {
        tell(passes - 1, bytes);
    }

    private void tell(int before, long bytes) {
        long moved = (before * length + Math.min(bytes, length)) / passes;
        lease.progress(0, 1, moved, length);
    }

    /** Bytes on their way into the spool. */
    InputStream spooling(InputStream encrypted) {
        return new FilterInputStream(encrypted) {

            private long count;

            @Override
            public int read() throws IOException {
                int one = super.read();
                count(one < 0 ? 0 : 1);
                return one;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                count(Math.max(0, read));
                return read;
            }

            private void count(int read) {
                count += read;
                spooled(count);
            }
        };
    }
}

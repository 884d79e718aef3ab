package io.vaultferry.claimcheck;

import io.vaultferry.contracts.ClaimCheck;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a store gives to a document's body: counts and digests the bytes on their way, in pieces of 64 KiB. Closing, as sealing
 * streams do, only flushes it: what is below has to be completed by the store.
 */
public final class MeasuringOutputStream extends FilterOutputStream {

    private static final int BUFFER = 64 * 1024;

    private final Digesting digesting;

    public MeasuringOutputStream(OutputStream out) {
        this(new Digesting(out));
    }

    private MeasuringOutputStream(Digesting digesting) {
        super(new BufferedOutputStream(digesting, BUFFER));
        this.digesting = digesting;
    }

    /** The claim check of everything that was written and flushed. To be called once, at the end. */
    public ClaimCheck claimCheck(StagedLocation location) {
        return new ClaimCheck(location.toString(), HexFormat.of().formatHex(digesting.digest.digest()), digesting.size);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        flush();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static final class Digesting extends OutputStream {

        private final OutputStream out;
        private final MessageDigest digest = sha256();
        private long size;

        Digesting(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            digest.update(bytes, offset, length);
            size += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}

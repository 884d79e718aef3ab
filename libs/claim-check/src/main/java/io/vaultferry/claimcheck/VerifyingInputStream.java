package io.vaultferry.claimcheck;

import io.vaultferry.contracts.ClaimCheck;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Reads a document and compares length and SHA-256 with its claim check when the end is reached: the read that reaches it throws
 * {@link StagedDataDamagedException}. Reads throw {@link StagingUnavailableException} when the store fails.
 */
public final class VerifyingInputStream extends FilterInputStream {

    private static final int BUFFER = 64 * 1024;

    private final ClaimCheck check;
    private final MessageDigest digest = MeasuringOutputStream.sha256();
    private long read;
    private boolean checked;

    public VerifyingInputStream(InputStream in, ClaimCheck check) {
        super(in);
        this.check = check;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        int count;
        try {
            count = in.read(bytes, offset, length);
        } catch (IOException e) {
            throw new StagingUnavailableException("a staged document cannot be read", e);
        }
        if (count > 0) {
            digest.update(bytes, offset, count);
            read += count;
        } else if (count < 0 && !checked) {
            checked = true;
            if (read != check.size()
                    || !HexFormat.of().formatHex(digest.digest()).equals(check.sha256())) {
                throw new StagedDataDamagedException("a staged document is not the one that was stored");
            }
        }
        return count;
    }

    @Override
    public long skip(long n) throws IOException {
        long skipped = 0;
        byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(1, n))];
        while (skipped < n) {
            int count = read(buffer, 0, (int) Math.min(buffer.length, n - skipped));
            if (count < 0) {
                break;
            }
            skipped += count;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}

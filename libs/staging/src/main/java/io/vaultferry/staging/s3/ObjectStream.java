package io.vaultferry.staging.s3;

import io.vaultferry.claimcheck.StagingUnavailableException;
import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;

/** An object's bytes as they arrive. Failures are told as a store's; closing before the end does not fetch the rest. */
final class ObjectStream extends FilterInputStream {

    private final ResponseInputStream<?> object;
    private boolean ended;

    ObjectStream(ResponseInputStream<?> object) {
        super(object);
        this.object = object;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            int count = object.read(bytes, offset, length);
            ended = count < 0;
            return count;
        } catch (SdkException e) {
            throw S3Failures.unavailable("a staged document cannot be read", e);
        } catch (IOException e) {
            // Without its cause, as everything from the SDK.
            throw new StagingUnavailableException(
                    "a staged document cannot be read: the bucket's server broke off", null);
        }
    }

    @Override
    public void close() throws IOException {
        if (ended) {
            object.close();
        } else {
            object.abort();
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}

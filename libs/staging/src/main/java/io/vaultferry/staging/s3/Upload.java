package io.vaultferry.staging.s3;

import io.vaultferry.claimcheck.StagingUnavailableException;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * One object on its way into the bucket. Keeps one part in memory: what fits into it becomes one request, what is longer a
 * multipart upload. The object is there only after {@link #complete}. Not thread-safe.
 *
 * <p>Each request carries the MD5 and the SHA-256 of its bytes, and a server that got others refuses it.
 */
final class Upload extends OutputStream {

    /** S3 wants 5 MiB at least, and has 10,000 parts at most: documents end at 80 GiB. */
    static final int PART = 8 * 1024 * 1024;

    private static final int FIRST_BUFFER = 64 * 1024;
    private static final Duration REMOVAL = Duration.ofSeconds(10);
    private static final String OCTETS = "application/octet-stream";

    private final S3Client s3;
    private final String bucket;
    private final String key;
    private final MessageDigest md5OfParts = digest("MD5");
    private final MessageDigest sha256OfParts = digest("SHA-256");
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] buffer = new byte[FIRST_BUFFER];
    private int filled;
    private long size;
    private String uploadId;
    private String expectedSha256;
    private String expectedETag;
    private boolean failed;

    Upload(S3Client s3, String bucket, String key) {
        this.s3 = s3;
        this.bucket = bucket;
        this.key = key;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        requireUsable();
        int written = 0;
        while (written < length) {
            if (filled == PART) {
                sendPart();
            }
            makeRoomFor(length - written);
            int count = Math.min(length - written, buffer.length - filled);
            System.arraycopy(bytes, offset + written, buffer, filled, count);
            filled += count;
            written += count;
        }
        size += length;
    }

    /**
     * Makes the object.
     *
     * @throws StagingUnavailableException when the server does not take it, or when it is not known whether it did
     */
    void complete() {
        if (uploadId == null) {
            putObject();
            return;
        }
        sendPart();
        expectedSha256 = base64(sha256OfParts.digest()) + "-" + parts.size();
        expectedETag = HexFormat.of().formatHex(md5OfParts.digest()) + "-" + parts.size();
        sending(() -> s3.completeMultipartUpload(request ->
                request.bucket(bucket).key(key).uploadId(uploadId).multipartUpload(upload -> upload.parts(parts))));
    }

    /** Whether the server's description of the object proves that it has exactly the bytes that were sent. */
    boolean isDescribedBy(HeadObjectResponse description) {
        return expectedSha256 != null
                && Long.valueOf(size).equals(description.contentLength())
                && (expectedSha256.equals(description.checksumSHA256())
                        || expectedETag.equals(
                                String.valueOf(description.eTag()).replace("\"", "")));
    }

    /** Leaves nothing of the object, as far as the server answers; what goes wrong is added to the failure. */
    void abandon(RuntimeException failure) {
        failed = true;
        // A step that is stopped interrupts its thread, and the SDK sends nothing from an interrupted one.
        boolean interrupted = Thread.interrupted();
        if (uploadId != null) {
            removing(
                    failure,
                    () -> s3.abortMultipartUpload(request -> request.bucket(bucket)
                            .key(key)
                            .uploadId(uploadId)
                            .overrideConfiguration(call -> call.apiCallTimeout(REMOVAL))));
        }
        removing(
                failure,
                () -> s3.deleteObject(request ->
                        request.bucket(bucket).key(key).overrideConfiguration(call -> call.apiCallTimeout(REMOVAL))));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void putObject() {
        byte[] md5 = hash("MD5");
        byte[] sha256 = hash("SHA-256");
        expectedSha256 = base64(sha256);
        expectedETag = HexFormat.of().formatHex(md5);
        sending(() -> s3.putObject(
                request -> request.bucket(bucket)
                        .key(key)
                        .contentType(OCTETS)
                        .contentMD5(base64(md5))
                        .checksumSHA256(base64(sha256)),
                body()));
    }

    private void sendPart() {
        if (uploadId == null) {
            uploadId = sending(() -> s3.createMultipartUpload(request -> request.bucket(bucket)
                            .key(key)
                            .contentType(OCTETS)
                            .checksumAlgorithm(ChecksumAlgorithm.SHA256)))
                    .uploadId();
        }
        int number = parts.size() + 1;
        byte[] md5 = hash("MD5");
        byte[] sha256 = hash("SHA-256");
        UploadPartResponse sent = sending(() -> s3.uploadPart(
                request -> request.bucket(bucket)
                        .key(key)
                        .uploadId(uploadId)
                        .partNumber(number)
                        .contentMD5(base64(md5))
                        .checksumSHA256(base64(sha256)),
                body()));
        md5OfParts.update(md5);
        sha256OfParts.update(sha256);
        parts.add(CompletedPart.builder()
                .partNumber(number)
                .eTag(sent.eTag())
                // Only what the server keeps may be named when the parts are put together.
                .checksumSHA256(sent.checksumSHA256())
                .build());
        filled = 0;
    }

    /** Reads from the buffer itself, again for each attempt; nothing is written to it meanwhile. */
    private RequestBody body() {
        int length = filled;
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(buffer, 0, length), length, OCTETS);
    }

    private void makeRoomFor(int more) {
        if (filled == buffer.length) {
            long wanted = Math.max(2L * buffer.length, (long) filled + more);
            buffer = Arrays.copyOf(buffer, (int) Math.min(PART, wanted));
        }
    }

    private byte[] hash(String algorithm) {
        MessageDigest digest = digest(algorithm);
        digest.update(buffer, 0, filled);
        return digest.digest();
    }

    private <T> T sending(Supplier<T> request) {
        requireUsable();
        try {
            return request.get();
        } catch (SdkException e) {
            failed = true;
            throw S3Failures.unavailable("a document cannot be staged", e);
        }
    }

    /** Streams that seal write their last bytes even when they are closed because of a failure. */
    private void requireUsable() {
        if (failed) {
            throw new StagingUnavailableException("a document cannot be staged any more", null);
        }
    }

    private static void removing(RuntimeException failure, Runnable request) {
        try {
            request.run();
        } catch (SdkException e) {
            // It goes with the migration at the latest.
            if (!S3Failures.isMissing(e)) {
                failure.addSuppressed(S3Failures.unavailable("an unfinished document cannot be removed", e));
            }
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}

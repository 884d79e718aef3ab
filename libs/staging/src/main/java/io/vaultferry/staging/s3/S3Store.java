package io.vaultferry.staging.s3;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.MeasuringOutputStream;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagedLocation;
import io.vaultferry.claimcheck.StagingUnavailableException;
import io.vaultferry.claimcheck.VerifyingInputStream;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Keeps documents in a bucket that all services share: an object each, with the migration as the first part of its key.
 *
 * <p>The server refuses bytes that were changed on their way to it. Before a claim check is given out, the server also has to
 * describe the object as it was written; a server whose descriptions prove nothing is asked for the object itself. Requests are
 * repeated by the SDK and nowhere else.
 */
public final class S3Store implements ClaimCheckStore, AutoCloseable {

    /** How many objects one request may remove. */
    private static final int MOST_REMOVED = 1000;

    private static final String PROBE = ".probe";
    private static final Duration CHECK = Duration.ofSeconds(4);
    private static final int BUFFER = 64 * 1024;

    private final S3Client s3;
    private final BucketAccess access;

    private S3Store(S3Client s3, BucketAccess access) {
        this.s3 = s3;
        this.access = access;
    }

    /**
     * Makes a store; nothing is asked of the server yet.
     *
     * @throws IllegalArgumentException when the file of authorities cannot be used
     */
    public static S3Store open(BucketAccess access) {
        return new S3Store(S3Clients.open(access), access);
    }

    @Override
    public ClaimCheck put(MigrationId migration, String name, Body body) {
        StagedLocation location = StagedLocation.make(migration, name);
        Upload upload = new Upload(s3, access.bucket(), keyOf(location));
        try {
            MeasuringOutputStream out = new MeasuringOutputStream(upload);
            body.writeTo(out);
            out.flush();
            ClaimCheck check = out.claimCheck(location);
            complete(upload, check);
            return check;
        } catch (IOException e) {
            StagingUnavailableException failure = new StagingUnavailableException("a document cannot be staged", e);
            upload.abandon(failure);
            throw failure;
        } catch (RuntimeException e) {
            upload.abandon(e);
            throw e;
        }
    }

    @Override
    public InputStream get(ClaimCheck check) {
        String key = keyOf(StagedLocation.of(check));
        try {
            ResponseInputStream<GetObjectResponse> object =
                    s3.getObject(request -> request.bucket(access.bucket()).key(key));
            if (!Long.valueOf(check.size()).equals(object.response().contentLength())) {
                object.abort();
                throw new StagedDataDamagedException("a staged document has another length than its claim check says");
            }
            return new VerifyingInputStream(new ObjectStream(object), check);
        } catch (SdkException e) {
            if (S3Failures.isMissing(e)) {
                throw new StagedDataDamagedException("a staged document is missing");
            }
            throw S3Failures.unavailable("a staged document cannot be opened", e);
        }
    }

    @Override
    public void discard(MigrationId migration) {
        try {
            for (MultipartUpload upload : uploadsOf(migration)) {
                abort(upload);
            }
            List<ObjectIdentifier> found = objectsOf(migration).stream()
                    .map(object -> ObjectIdentifier.builder().key(object.key()).build())
                    .toList();
            for (int from = 0; from < found.size(); from += MOST_REMOVED) {
                remove(found.subList(from, Math.min(found.size(), from + MOST_REMOVED)));
            }
        } catch (SdkException e) {
            throw S3Failures.unavailable("staged documents cannot be removed", e);
        }
    }

    @Override
    public long usage(MigrationId migration) {
        try {
            long bytes = objectsOf(migration).stream().mapToLong(S3Object::size).sum();
            for (MultipartUpload upload : uploadsOf(migration)) {
                bytes += s3
                        .listPartsPaginator(request -> request.bucket(access.bucket())
                                .key(upload.key())
                                .uploadId(upload.uploadId()))
                        .parts()
                        .stream()
                        .mapToLong(Part::size)
                        .sum();
            }
            return bytes;
        } catch (SdkException e) {
            throw S3Failures.unavailable("the staging bucket cannot be read", e);
        }
    }

    /** Also makes the bucket, when it is missing and may be made. */
    @Override
    public void check() {
        try {
            probe();
        } catch (SdkException e) {
            if (!access.createBucket() || !S3Failures.hasCode(e, "NoSuchBucket")) {
                throw S3Failures.unavailable("the staging bucket cannot be written", e);
            }
            createBucket();
        }
    }

    @Override
    public void close() {
        s3.close();
    }

    private void probe() {
        String key = access.prefix() + PROBE;
        s3.putObject(
                request -> request.bucket(access.bucket())
                        .key(key)
                        .overrideConfiguration(call -> call.apiCallTimeout(CHECK)),
                RequestBody.fromBytes(new byte[1]));
        s3.deleteObject(request ->
                request.bucket(access.bucket()).key(key).overrideConfiguration(call -> call.apiCallTimeout(CHECK)));
    }

    private void createBucket() {
        try {
            s3.createBucket(request -> request.bucket(access.bucket()));
        } catch (SdkException e) {
            // Another service may have been faster.
            if (!S3Failures.hasCode(e, "BucketAlreadyOwnedByYou", "BucketAlreadyExists")) {
                throw S3Failures.unavailable("the staging bucket cannot be made", e);
            }
        }
        try {
            probe();
        } catch (SdkException e) {
            throw S3Failures.unavailable("the staging bucket cannot be written", e);
        }
    }

    private void complete(Upload upload, ClaimCheck check) {
        try {
            upload.complete();
        } catch (StagingUnavailableException e) {
            // What was lost may be the answer, not the object; but only the server's own word proves it.
            if (!isDescribed(upload, check)) {
                throw e;
            }
            return;
        }
        if (!isDescribed(upload, check)) {
            readBack(check);
        }
    }

    private boolean isDescribed(Upload upload, ClaimCheck check) {
        try {
            HeadObjectResponse description = s3.headObject(request -> request.bucket(access.bucket())
                    .key(keyOf(StagedLocation.of(check)))
                    .checksumMode(ChecksumMode.ENABLED));
            return upload.isDescribedBy(description);
        } catch (SdkException e) {
            return false;
        }
    }

    private void readBack(ClaimCheck check) {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = get(check)) {
            int count = in.read(buffer);
            while (count >= 0) {
                count = in.read(buffer);
            }
        } catch (StagedDataDamagedException e) {
            throw new StagingUnavailableException(
                    "a document cannot be staged: the bucket's server keeps other bytes", null);
        } catch (IOException e) {
            throw new StagingUnavailableException("a document cannot be staged", e);
        }
    }

    private List<MultipartUpload> uploadsOf(MigrationId migration) {
        try {
            return s3
                    .listMultipartUploadsPaginator(
                            request -> request.bucket(access.bucket()).prefix(prefixOf(migration)))
                    .uploads()
                    .stream()
                    .toList();
        } catch (SdkException e) {
            // A server that does not list them removes them by a lifecycle rule.
            if (S3Failures.hasCode(e, "NotImplemented")) {
                return List.of();
            }
            throw e;
        }
    }

    private void abort(MultipartUpload upload) {
        try {
            s3.abortMultipartUpload(
                    request -> request.bucket(access.bucket()).key(upload.key()).uploadId(upload.uploadId()));
        } catch (SdkException e) {
            // It ended meanwhile.
            if (!S3Failures.isMissing(e)) {
                throw e;
            }
        }
    }

    /** Listed to the end before anything is removed: not every server continues a list that gets shorter. */
    private List<S3Object> objectsOf(MigrationId migration) {
        List<S3Object> objects = new ArrayList<>();
        s3.listObjectsV2Paginator(request -> request.bucket(access.bucket()).prefix(prefixOf(migration)))
                .contents()
                .forEach(objects::add);
        return objects;
    }

    private void remove(List<ObjectIdentifier> objects) {
        DeleteObjectsResponse answer = s3.deleteObjects(request -> request.bucket(access.bucket())
                .delete(delete -> delete.objects(objects).quiet(true)));
        if (!answer.errors().isEmpty()) {
            throw new StagingUnavailableException(
                    "staged documents cannot be removed: the bucket's server keeps "
                            + answer.errors().size(),
                    null);
        }
    }

    private String prefixOf(MigrationId migration) {
        return access.prefix() + migration + "/";
    }

    private String keyOf(StagedLocation location) {
        return access.prefix() + location;
    }
}

package io.vaultferry.staging;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.DirectoryStore;
import io.vaultferry.staging.s3.AccessKey;
import io.vaultferry.staging.s3.BucketAccess;
import io.vaultferry.staging.s3.S3Store;
import java.util.Optional;

/** Makes the store that the settings name, or says which property is missing or wrong. */
final class StagingChoice {

    private static final String PREFIX = "vaultferry.staging.";
    private static final String ANY_REGION = "us-east-1";

    private StagingChoice() {}

    /**
     * Makes the store. A bucket is not asked for anything yet.
     *
     * @throws IllegalStateException when a property is missing or wrong; its message names it
     * @throws io.vaultferry.claimcheck.StagingUnavailableException when the directory cannot be used
     */
    static ClaimCheckStore storeOf(StagingSettings settings, BucketSettings bucket) {
        return switch (settings.store()) {
            case DIRECTORY ->
                DirectoryStore.at(settings.directory()
                        .orElseThrow(() -> missing("directory", "vaultferry.staging.store is \"directory\"")));
            case S3 -> open(accessTo(bucket));
        };
    }

    private static S3Store open(BucketAccess access) {
        try {
            return S3Store.open(access);
        } catch (IllegalArgumentException e) {
            throw wrong("ca-file: " + e.getMessage(), e);
        }
    }

    private static BucketAccess accessTo(BucketSettings settings) {
        String name = settings.bucket().orElseThrow(() -> missing("s3.bucket", "vaultferry.staging.store is \"s3\""));
        String region = settings.region()
                .or(() -> settings.endpoint().map(endpoint -> ANY_REGION))
                .orElseThrow(() -> missing("s3.region", "there is no vaultferry.staging.s3.endpoint"));
        Optional<AccessKey> key = keyOf(settings);
        try {
            return new BucketAccess(
                    settings.endpoint(),
                    region,
                    name,
                    settings.prefix().orElse(""),
                    key,
                    settings.pathStyle().orElse(settings.endpoint().isPresent()),
                    settings.caFile(),
                    settings.createBucket(),
                    settings.patience());
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage(), e);
        }
    }

    private static Optional<AccessKey> keyOf(BucketSettings settings) {
        if (settings.accessKey().isPresent() && settings.secretKey().isEmpty()) {
            throw missing("s3.secret-key", "there is an s3.access-key");
        }
        if (settings.secretKey().isPresent() && settings.accessKey().isEmpty()) {
            throw missing("s3.access-key", "there is an s3.secret-key");
        }
        return settings.accessKey().flatMap(id -> settings.secretKey().map(secret -> new AccessKey(id, secret)));
    }

    private static IllegalStateException missing(String property, String reason) {
        return new IllegalStateException(PREFIX + property + " is missing, and is needed because " + reason);
    }

    private static IllegalStateException wrong(String what, IllegalArgumentException e) {
        return new IllegalStateException(PREFIX + "s3." + what, e);
    }
}

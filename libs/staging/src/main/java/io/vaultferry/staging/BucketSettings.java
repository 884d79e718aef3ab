package io.vaultferry.staging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The bucket that all services share. Read only when the store is S3. */
@ConfigMapping(prefix = "vaultferry.staging.s3")
interface BucketSettings {

    /** Address of an S3-compatible server; Amazon's when it is missing. */
    Optional<URI> endpoint();

    /** Needed at Amazon; elsewhere {@code us-east-1} unless the server has another name for itself. */
    Optional<String> region();

    Optional<String> bucket();

    /** What the key of every object begins with, for a bucket that holds other things too; words that end with a slash. */
    Optional<String> prefix();

    /** With {@code secret-key}; without both, the SDK asks environment, web identity, container and instance. */
    Optional<String> accessKey();

    Optional<String> secretKey();

    /** Whether the bucket's name is part of the path; by default for every server but Amazon's. */
    Optional<Boolean> pathStyle();

    /** Authorities to trust for the endpoint, in place of those that Java trusts. PEM. */
    Optional<Path> caFile();

    /** Whether a missing bucket is made at the start. */
    @WithDefault("false")
    boolean createBucket();

    /** How long one attempt of a request may take; a part has up to 8 MiB. Four attempts are made. */
    @WithDefault("60s")
    Duration patience();
}

package io.vaultferry.staging.s3;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which bucket documents go to, and how it is reached.
 *
 * @param endpoint an S3-compatible server; empty is Amazon
 * @param region part of every signature; at Amazon, where the bucket is
 * @param prefix what every object's key begins with: empty, or ends with a slash
 * @param key empty asks the SDK's own chain: environment, web identity, container, instance
 * @param pathStyle whether the bucket is part of the path, not of the host name
 * @param caFile PEM file with the authorities to trust for the endpoint, in place of those that Java trusts
 * @param createBucket whether a missing bucket is made
 * @param patience how long an attempt of one request may take; a request has four attempts at most
 */
public record BucketAccess(
        Optional<URI> endpoint,
        String region,
        String bucket,
        String prefix,
        Optional<AccessKey> key,
        boolean pathStyle,
        Optional<Path> caFile,
        boolean createBucket,
        Duration patience) {

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/){0,8}");

    /** @throws IllegalArgumentException when bucket, prefix or endpoint are not of the form that S3 knows; its message begins with which */
    public BucketAccess {
        Objects.requireNonNull(region, "region");
        Objects.requireNonNull(patience, "patience");
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException("bucket: not the name of a bucket");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("prefix: not a prefix, words that each end with a slash are expected");
        }
        endpoint.ifPresent(BucketAccess::requireOrigin);
    }

    private static void requireOrigin(URI address) {
        boolean web = "https".equalsIgnoreCase(address.getScheme()) || "http".equalsIgnoreCase(address.getScheme());
        if (!web || address.getHost() == null || address.getUserInfo() != null || address.getQuery() != null) {
            throw new IllegalArgumentException("endpoint: not an address, https:// or http:// and a host are expected");
        }
    }
}

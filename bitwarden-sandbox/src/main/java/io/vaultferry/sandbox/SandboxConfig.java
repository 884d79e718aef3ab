package io.vaultferry.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a sandbox is started; see {@link #builder()}.
 *
 * @param port TCP port of the Bitwarden API; 0 takes a free one
 * @param adminPort TCP port of the admin interface, always on loopback; 0 takes a free one
 * @param bindAddress address that the Bitwarden API listens on
 * @param hostNames names and addresses of the server certificate; the first one is used in the base URL
 * @param basePath under which everything is served, for example {@code /vault}; empty for none
 * @param tls whether the Bitwarden API speaks TLS
 * @param tlsDirectory where {@code ca.pem} is written; it also keeps the keys, so that a restart uses the same CA. Without
 *     it the data directory is used
 * @param seed what the server holds when it starts without a snapshot
 * @param dataDirectory where attachments live; a temporary directory, deleted at the end, when empty
 * @param snapshotFile state is read from it at start, when it exists, and written to it at the end
 * @param accessTokenLifetime of tokens by password, API key and refresh
 * @param attachmentLinkLifetime of the signed download links
 * @param signupsAllowed whether people who were not invited may register
 * @param groupsEnabled whether organizations have groups
 * @param latency added to every call of the Bitwarden API
 * @param rateLimit how many calls a second the Bitwarden API allows, as {@link io.vaultferry.sandbox.server.RateLimit}
 *     says; 0 for any number. The admin interface can change it
 * @param downloadRate how many bytes a second one download of a file gets; 0 for as many as there are
 * @param largestJsonBody in bytes; larger ones are answered 413
 * @param largestUpload in bytes, of a whole multipart form
 * @param keepAlive after which an idle connection is closed
 * @param clock what the server takes for now
 * @param requestLog whether method, path template and status of each call are printed to standard error
 */
public record SandboxConfig(
        int port,
        int adminPort,
        String bindAddress,
        List<String> hostNames,
        String basePath,
        boolean tls,
        Optional<Path> tlsDirectory,
        Seed seed,
        Optional<Path> dataDirectory,
        Optional<Path> snapshotFile,
        Duration accessTokenLifetime,
        Duration attachmentLinkLifetime,
        boolean signupsAllowed,
        boolean groupsEnabled,
        Duration latency,
        int rateLimit,
        long downloadRate,
        long largestJsonBody,
        long largestUpload,
        Duration keepAlive,
        InstantSource clock,
        boolean requestLog) {

    public SandboxConfig {
        hostNames = List.copyOf(hostNames);
        if (hostNames.isEmpty()) {
            throw new IllegalArgumentException("hostNames must name at least one host");
        }
        if (!basePath.isEmpty() && !basePath.matches("(/[A-Za-z0-9._~-]+)+")) {
            throw new IllegalArgumentException("basePath must be empty or look like /vault");
        }
        Objects.requireNonNull(bindAddress, "bindAddress");
        Objects.requireNonNull(keepAlive, "keepAlive");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(tlsDirectory, "tlsDirectory");
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(dataDirectory, "dataDirectory");
        Objects.requireNonNull(snapshotFile, "snapshotFile");
        Objects.requireNonNull(accessTokenLifetime, "accessTokenLifetime");
        Objects.requireNonNull(attachmentLinkLifetime, "attachmentLinkLifetime");
        Objects.requireNonNull(latency, "latency");
        if (rateLimit < 0 || downloadRate < 0) {
            throw new IllegalArgumentException("rates are not negative");
        }
    }

    /** TLS on free ports of loopback, empty, in memory, with the limits of the recorded server. */
    public static SandboxConfig defaults() {
        return builder().build();
    }

    /** Starts from {@link #defaults()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects what differs from the defaults. */
    public static final class Builder {
        private int port;
        private int adminPort;
        private String bindAddress = "127.0.0.1";
        private List<String> hostNames = List.of("localhost", "127.0.0.1");
        private String basePath = "";
        private boolean tls = true;
        private Optional<Path> tlsDirectory = Optional.empty();
        private Seed seed = Seed.none();
        private Optional<Path> dataDirectory = Optional.empty();
        private Optional<Path> snapshotFile = Optional.empty();
        private Duration accessTokenLifetime = Duration.ofHours(2);
        private Duration attachmentLinkLifetime = Duration.ofMinutes(5);
        private boolean signupsAllowed = true;
        private boolean groupsEnabled = true;
        private Duration latency = Duration.ZERO;
        private int rateLimit;
        private long downloadRate;
        private long largestJsonBody = 20_000_000;
        private long largestUpload = 525L * 1024 * 1024;
        private Duration keepAlive = Duration.ofSeconds(5);
        private InstantSource clock = InstantSource.system();
        private boolean requestLog;

        private Builder() {}

        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder adminPort(int value) {
            adminPort = value;
            return this;
        }

        public Builder bindAddress(String value) {
            bindAddress = value;
            return this;
        }

        public Builder hostNames(List<String> value) {
            hostNames = List.copyOf(value);
            return this;
        }

        public Builder basePath(String value) {
            basePath = value;
            return this;
        }

        public Builder tls(boolean value) {
            tls = value;
            return this;
        }

        public Builder tlsDirectory(Path value) {
            tlsDirectory = Optional.of(value);
            return this;
        }

        public Builder seed(Seed value) {
            seed = value;
            return this;
        }

        public Builder dataDirectory(Path value) {
            dataDirectory = Optional.of(value);
            return this;
        }

        public Builder snapshotFile(Path value) {
            snapshotFile = Optional.of(value);
            return this;
        }

        public Builder accessTokenLifetime(Duration value) {
            accessTokenLifetime = value;
            return this;
        }

        public Builder attachmentLinkLifetime(Duration value) {
            attachmentLinkLifetime = value;
            return this;
        }

        public Builder signupsAllowed(boolean value) {
            signupsAllowed = value;
            return this;
        }

        public Builder groupsEnabled(boolean value) {
            groupsEnabled = value;
            return this;
        }

        public Builder latency(Duration value) {
            latency = value;
            return this;
        }

        public Builder rateLimit(int value) {
            rateLimit = value;
            return this;
        }

        public Builder downloadRate(long value) {
            downloadRate = value;
            return this;
        }

        public Builder largestJsonBody(long value) {
            largestJsonBody = value;
            return this;
        }

        public Builder largestUpload(long value) {
            largestUpload = value;
            return this;
        }

        public Builder keepAlive(Duration value) {
            keepAlive = value;
            return this;
        }

        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        public Builder requestLog(boolean value) {
            requestLog = value;
            return this;
        }

        public SandboxConfig build() {
            return new SandboxConfig(
                    port,
                    adminPort,
                    bindAddress,
                    hostNames,
                    basePath,
                    tls,
                    tlsDirectory,
                    seed,
                    dataDirectory,
                    snapshotFile,
                    accessTokenLifetime,
                    attachmentLinkLifetime,
                    signupsAllowed,
                    groupsEnabled,
                    latency,
                    rateLimit,
                    downloadRate,
                    largestJsonBody,
                    largestUpload,
                    keepAlive,
                    clock,
                    requestLog);
        }
    }
}

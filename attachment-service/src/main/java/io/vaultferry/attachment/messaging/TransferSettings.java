package io.vaultferry.attachment.messaging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/** How this instance moves files. */
@ConfigMapping(prefix = "vaultferry.transfer")
public interface TransferSettings {

    /** Units that this instance works on at a time. */
    @WithDefault("8")
    int concurrency();

    /** The most of them that are large files, so that small ones always find a place; half of them when absent. */
    OptionalInt largeConcurrency();

    /** A file of at least this many encrypted bytes is a unit of its own. */
    @WithDefault("4194304")
    long largeFile();

    /** The most small files in one unit; together they are no larger than a large file. */
    @WithDefault("64")
    int filesPerUnit();

    /** Units that a manifest is cut into at least, when it has as many small files: enough for many instances to share. */
    @WithDefault("192")
    int leastUnits();

    /** Who has nothing to do takes a unit that was announced so long ago and that nobody has begun; Kafka may have lost it. */
    @WithDefault("1s")
    Duration helpAfter();

    /** How long a unit stays with a worker that does not say that it is alive. */
    @WithDefault("30s")
    Duration lease();

    /** How often a worker says so. */
    @WithDefault("8s")
    Duration heartbeat();

    /** How often a worker notes how many bytes of its present file have passed. */
    @WithDefault("2s")
    Duration report();

    /** How long before the end of its lease a worker that could not renew it stops writing. */
    @WithDefault("6s")
    Duration margin();

    /** How often the step looks at its units. */
    @WithDefault("300ms")
    Duration poll();

    /** Failures in a row of one unit after which the step asks the operator. */
    @WithDefault("8")
    int mostTries();

    /** Where files that have to be encrypted anew are spooled, encrypted. */
    @WithDefault("${java.io.tmpdir}/vaultferry-spool")
    Path spoolDirectory();

    /** Bytes of all spooled files together. A file waits until there is room for all of it; the default holds eight of the largest. */
    @WithDefault("4294967296")
    long spoolQuota();
}

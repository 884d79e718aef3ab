package io.vaultferry.staging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Where the staged documents of migrations lie. The same for all services. */
@ConfigMapping(prefix = "vaultferry.staging")
interface StagingSettings {

    /** A directory, or a bucket of an S3-compatible server. */
    @WithDefault("directory")
    Store store();

    /** The directory that all services share, when it is one. */
    Optional<Path> directory();

    /** The kinds of stores. */
    enum Store {
        DIRECTORY,
        S3
    }
}

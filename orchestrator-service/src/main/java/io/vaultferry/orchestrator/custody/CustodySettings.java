package io.vaultferry.orchestrator.custody;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/** Where keys are kept. */
@ConfigMapping(prefix = "vaultferry.custody")
interface CustodySettings {

    /** One file a key; outside the database's directory and its backups. */
    Path directory();

    /** File with the key-encryption key: 32 random bytes in base64, readable by the service only. */
    Path kekFile();
}

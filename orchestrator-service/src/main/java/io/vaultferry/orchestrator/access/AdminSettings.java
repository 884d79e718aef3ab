package io.vaultferry.orchestrator.access;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** The operator's key. */
@ConfigMapping(prefix = "vaultferry.admin")
interface AdminSettings {

    /** SHA-256 of the admin key's text, in hexadecimal; the key itself is 256 random bits and never configured. */
    Optional<String> keySha256();
}

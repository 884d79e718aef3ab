package io.vaultferry.bitwarden.client;

import java.util.Optional;

/**
 * What a server says about itself.
 *
 * @param version the level of Bitwarden's API that it claims, for example {@code 2026.6.0}
 * @param productVersion the software's own version where that differs (Vaultwarden), when it tells
 */
public record ServerInfo(ServerKind kind, String version, Optional<String> productVersion) {

    /** The version that people know the software by. */
    public String shownVersion() {
        return productVersion.orElse(version);
    }
}

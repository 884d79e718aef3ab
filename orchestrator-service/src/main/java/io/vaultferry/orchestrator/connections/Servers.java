package io.vaultferry.orchestrator.connections;

import io.vaultferry.bitwarden.client.BitwardenServer;
import io.vaultferry.bitwarden.client.ClientSettings;
import io.vaultferry.bitwarden.client.ServerAddress;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Opens clients of servers, all under the same outbound settings. */
@ApplicationScoped
class Servers {

    private final ClientSettings settings;

    Servers(OutboundSettings outbound) {
        this.settings = ClientSettings.defaults()
                .withInsecureServers(outbound.allowInsecureServers())
                .withCaFile(outbound.caFile());
    }

    /** @param deviceIdentifier the connection's own, so that the server sees the same device each time */
    BitwardenServer open(ServerAddress address, UUID deviceIdentifier) {
        return BitwardenServer.at(address, settings.withDeviceIdentifier(deviceIdentifier));
    }
}

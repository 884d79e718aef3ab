package io.vaultferry.launcher.system;

import io.vaultferry.infrastructure.Durability;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How Vaultferry is started.
 *
 * @param installation where the services are
 * @param bind address on which the REST API listens; everything else listens on 127.0.0.1 only
 * @param port port of the REST API; 0 takes a free one
 * @param attachmentWorkers how many processes of attachment-service
 * @param allowInsecureServers whether Bitwarden servers may be reached by plain http and at loopback and private addresses
 * @param caFile certificate authorities for Bitwarden servers, besides those that Java trusts
 * @param durability what Kafka and PostgreSQL do against power failures
 * @param ofServices what every service is configured with besides what the launcher decides, by property
 */
public record SystemSettings(
        Installation installation,
        String bind,
        int port,
        int attachmentWorkers,
        boolean allowInsecureServers,
        Optional<Path> caFile,
        Durability durability,
        Map<String, String> ofServices) {

    public SystemSettings {
        Objects.requireNonNull(installation, "installation");
        Objects.requireNonNull(bind, "bind");
        Objects.requireNonNull(durability, "durability");
        ofServices = Map.copyOf(ofServices);
        caFile = caFile.map(file -> file.toAbsolutePath().normalize());
        if (attachmentWorkers < 1) {
            throw new IllegalArgumentException("attachmentWorkers must be at least 1");
        }
    }

    /** Services are configured by the launcher alone. */
    public SystemSettings(
            Installation installation,
            String bind,
            int port,
            int attachmentWorkers,
            boolean allowInsecureServers,
            Optional<Path> caFile,
            Durability durability) {
        this(installation, bind, port, attachmentWorkers, allowInsecureServers, caFile, durability, Map.of());
    }

    /** One attachment worker, a free port on loopback, no insecure servers, nothing that survives a power failure. */
    public static SystemSettings forTests() {
        return new SystemSettings(Installation.find(), "127.0.0.1", 0, 1, false, Optional.empty(), Durability.FAST);
    }

    public SystemSettings withAttachmentWorkers(int workers) {
        return new SystemSettings(
                installation, bind, port, workers, allowInsecureServers, caFile, durability, ofServices);
    }

    /** Servers on this machine, whose certificates come from this authority. */
    public SystemSettings withLocalServers(Path authority) {
        return new SystemSettings(
                installation, bind, port, attachmentWorkers, true, Optional.of(authority), durability, ofServices);
    }

    /** Services that are told these properties too. */
    public SystemSettings withServicesToldOf(Map<String, String> properties) {
        return new SystemSettings(
                installation, bind, port, attachmentWorkers, allowInsecureServers, caFile, durability, properties);
    }
}

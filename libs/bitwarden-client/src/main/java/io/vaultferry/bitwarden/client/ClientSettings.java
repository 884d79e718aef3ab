package io.vaultferry.bitwarden.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * How to talk to a server.
 *
 * @param allowInsecureServers lets requests go to http addresses and to loopback, private and other addresses that are
 *     not public; for servers in one's own network
 * @param caFile PEM file with certificates of authorities to trust besides those that Java trusts
 * @param connectTimeout how long setting up a connection may take
 * @param requestTimeout how long the server may take to begin its answer, counted from the last byte sent
 * @param bulkTimeout the same for calls that work on a whole vault: import, listing and export of all items
 * @param bodyIdleTimeout how long an answer may make no progress
 * @param deviceIdentifier the identity of this installation towards the server. Keep one per connection: a server
 *     greets every new one with an e-mail, and may want to verify it
 */
public record ClientSettings(
        boolean allowInsecureServers,
        Optional<Path> caFile,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration bulkTimeout,
        Duration bodyIdleTimeout,
        UUID deviceIdentifier) {
    public ClientSettings {
        requirePositive(connectTimeout);
        requirePositive(requestTimeout);
        requirePositive(bulkTimeout);
        requirePositive(bodyIdleTimeout);
    }

    /** Public servers only, waits that suit a healthy server, and a new device. */
    public static ClientSettings defaults() {
        return new ClientSettings(
                false,
                Optional.empty(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                UUID.randomUUID());
    }

    public ClientSettings withInsecureServers(boolean allowed) {
        return new ClientSettings(
                allowed, caFile, connectTimeout, requestTimeout, bulkTimeout, bodyIdleTimeout, deviceIdentifier);
    }

    public ClientSettings withCaFile(Optional<Path> file) {
        return new ClientSettings(
                allowInsecureServers,
                file,
                connectTimeout,
                requestTimeout,
                bulkTimeout,
                bodyIdleTimeout,
                deviceIdentifier);
    }

    public ClientSettings withDeviceIdentifier(UUID identifier) {
        return new ClientSettings(
                allowInsecureServers, caFile, connectTimeout, requestTimeout, bulkTimeout, bodyIdleTimeout, identifier);
    }

    /** Sets all four waits, in the order of the components. */
    public ClientSettings withTimeouts(Duration connect, Duration request, Duration bulk, Duration bodyIdle) {
        return new ClientSettings(allowInsecureServers, caFile, connect, request, bulk, bodyIdle, deviceIdentifier);
    }

    private static void requirePositive(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("A timeout must be longer than nothing.");
        }
    }
}

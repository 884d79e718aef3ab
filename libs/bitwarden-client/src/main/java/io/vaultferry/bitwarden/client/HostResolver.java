package io.vaultferry.bitwarden.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds the addresses of a host; a seam for tests. */
@FunctionalInterface
interface HostResolver {
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /** The operating system's answer, kept by Java for {@code networkaddress.cache.ttl} (30 seconds by default). */
    static HostResolver ofSystem() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}

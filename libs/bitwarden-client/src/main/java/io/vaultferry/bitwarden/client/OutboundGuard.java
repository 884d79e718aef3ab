package io.vaultferry.bitwarden.client;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Decides for every request whether it may go out, whoever named its address: a user, or a server that hands out a link
 * to a file.
 *
 * <p>All addresses of the host must pass, each time. Files, whose links a server names freely, go to the very addresses
 * that passed. What remains open for all other calls, which go to the addresses that the operator gave: Java's HTTP client
 * resolves the host by itself when it opens a connection and cannot be told to use the addresses that were checked. Both
 * look-ups go through Java's cache of addresses, so they differ only when its entry expires in the moment between them (by
 * default once in 30 seconds, for less than a millisecond), or when the cache was turned off; over https, such a rebound
 * host would also need a certificate for the name. Operators who must exclude it put an egress filter in front.
 */
final class OutboundGuard {
    private static final String HOW_TO_ALLOW =
            " If it is your own, allow it with vaultferry.outbound.allow-insecure-servers (./ferry --allow-insecure-servers).";

    private final boolean allowInsecure;
    private final HostResolver resolver;

    OutboundGuard(boolean allowInsecure, HostResolver resolver) {
        this.allowInsecure = allowInsecure;
        this.resolver = resolver;
    }

    /**
     * @return the addresses of the host, all of which may be called
     * @throws ForbiddenTargetException when the request must not go out
     * @throws UnknownHostException when nobody knows the host
     */
    List<InetAddress> check(URI uri) throws UnknownHostException {
        Origin origin = Origin.of(uri);
        if (!origin.isHttps() && !allowInsecure) {
            throw new ForbiddenTargetException("Refused to call " + origin + ": it is not https." + HOW_TO_ALLOW);
        }
        List<InetAddress> addresses = resolver.resolve(uri.getHost());
        for (InetAddress address : addresses) {
            switch (AddressRange.of(address)) {
                case PUBLIC -> {}
                case NOT_PUBLIC -> {
                    if (!allowInsecure) {
                        throw new ForbiddenTargetException(
                                "Refused to call " + origin + ": it is not on the public internet." + HOW_TO_ALLOW);
                    }
                }
                case NEVER ->
                    throw new ForbiddenTargetException("Refused to call " + origin
                            + ": it leads to a link-local, multicast or reserved address, which is never allowed.");
            }
        }
        return addresses;
    }
}

package io.vaultferry.bitwarden.client;

import java.net.URI;
import java.util.Locale;

/** Scheme, host and port: what credentials are bound to. */
record Origin(String scheme, String host, int port) {
    /** @throws ForbiddenTargetException when the address has no host or is of another protocol than http(s) */
    static Origin of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean https = scheme.equals("https");
        if (!(https || scheme.equals("http")) || uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new ForbiddenTargetException(
                    "Refused to call an address that is not of the form https://host/path: no other protocols, no user"
                            + " names, and only plain host names.");
        }
        int port = uri.getPort() != -1 ? uri.getPort() : https ? 443 : 80;
        return new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), port);
    }

    boolean isHttps() {
        return scheme.equals("https");
    }

    @Override
    public String toString() {
        return scheme + "://" + (host.length() > 100 ? host.substring(0, 100) : host) + ":" + port;
    }
}

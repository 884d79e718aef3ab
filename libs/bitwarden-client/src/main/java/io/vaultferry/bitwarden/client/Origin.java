package io.vaultferry.bitwarden.client;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/** Scheme, host and port: what credentials are bound to. */
record Origin(String scheme, String host, int port) {
    /** What ends in a number is an address and no name, and programs differ in how they read all but the plain form. */
    private static final Pattern NUMERIC_END = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)\\.?");

    private static final Pattern DOTTED_QUAD =
            Pattern.compile("(?:(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])(?:\\.(?!$)|$)){4}");

    /** @throws ForbiddenTargetException when the address has no host or is of another protocol than http(s) */
    static Origin of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean https = scheme.equals("https");
        if (!(https || scheme.equals("http")) || uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new ForbiddenTargetException(
                    "Refused to call an address that is not of the form https://host/path: no other protocols, no user"
                            + " names, and only plain host names.");
        }
        if (NUMERIC_END.matcher(uri.getHost()).matches()
                && !DOTTED_QUAD.matcher(uri.getHost()).matches()) {
            throw new ForbiddenTargetException("Refused to call an address whose host is a number in an unusual form.");
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

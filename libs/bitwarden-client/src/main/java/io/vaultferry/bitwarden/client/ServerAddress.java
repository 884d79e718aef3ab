package io.vaultferry.bitwarden.client;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a server is. Both of its parts lie below one base address ({@code /api} and {@code /identity}), unless they are
 * given, as for the cloud, where they are hosts of their own ({@code default-environment.service.ts} of
 * bitwarden/clients).
 */
public record ServerAddress(URI baseUrl, Optional<URI> api, Optional<URI> identity) {
    private static final Map<String, String> CLOUD_HOSTS = Map.of(
            "bitwarden.com", "bitwarden.com",
            "www.bitwarden.com", "bitwarden.com",
            "vault.bitwarden.com", "bitwarden.com",
            "api.bitwarden.com", "bitwarden.com",
            "bitwarden.eu", "bitwarden.eu",
            "vault.bitwarden.eu", "bitwarden.eu",
            "api.bitwarden.eu", "bitwarden.eu");

    public ServerAddress {
        baseUrl = checked(baseUrl);
        api = api.map(ServerAddress::checked);
        identity = identity.map(ServerAddress::checked);
    }

    /**
     * Reads what a person would type or copy from a browser: a trailing slash and a fragment are dropped, a base path is
     * kept, and the cloud's hosts are known.
     *
     * @throws IllegalArgumentException with a sentence for that person when it is no address of a server
     */
    public static ServerAddress of(String url) {
        String text = url.strip();
        int fragment = text.indexOf('#');
        URI uri;
        try {
            uri = URI.create(fragment < 0 ? text : text.substring(0, fragment));
        } catch (IllegalArgumentException e) {
            throw refused();
        }
        URI base = checked(uri);
        String domain = CLOUD_HOSTS.get(base.getHost().toLowerCase(Locale.ROOT));
        if (domain == null) {
            return new ServerAddress(base, Optional.empty(), Optional.empty());
        }
        return new ServerAddress(
                URI.create("https://vault." + domain),
                Optional.of(URI.create("https://api." + domain)),
                Optional.of(URI.create("https://identity." + domain)));
    }

    /** Whether this is Bitwarden's own cloud, United States or European Union. */
    public boolean isBitwardenCloud() {
        return CLOUD_HOSTS.containsKey(baseUrl.getHost().toLowerCase(Locale.ROOT));
    }

    URI apiUrl() {
        return api.orElseGet(() -> URI.create(baseUrl + "/api"));
    }

    URI identityUrl() {
        return identity.orElseGet(() -> URI.create(baseUrl + "/identity"));
    }

    private static URI checked(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("https") || scheme.equals("http"))
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw refused();
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        return URI.create(scheme + "://" + uri.getRawAuthority() + path);
    }

    private static IllegalArgumentException refused() {
        return new IllegalArgumentException(
                "Not the address of a server. It looks like https://vault.example.com, without user name and query.");
    }

    @Override
    public String toString() {
        return baseUrl.toString();
    }
}

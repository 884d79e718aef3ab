package io.vaultferry.orchestrator.access;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The operator's key as a bearer token. Only its SHA-256 is known here: the key has 256 random bits, so that neither a
 * slow hash nor a delay after wrong ones would add anything.
 *
 * <p>There is no default. Without a configured hash nobody is admitted, and the service does not even start unless it
 * listens on loopback only.
 */
@ApplicationScoped
class AdminKey implements AdminCredential {

    private static final Logger LOG = Logger.getLogger(AdminKey.class);
    private static final int SHA_256_LENGTH = 32;

    private final Optional<byte[]> hash;
    private final String host;

    AdminKey(AdminSettings settings, @ConfigProperty(name = "quarkus.http.host") String host) {
        this.hash = settings.keySha256().map(AdminKey::parse);
        this.host = host;
    }

    void requireAtStart(@Observes StartupEvent event) {
        if (hash.isPresent()) {
            return;
        }
        if (!isLoopback(host)) {
            throw new IllegalStateException("vaultferry.admin.key-sha256 is not set, and the service would listen on "
                    + host + ". Make a key, keep it, and configure its SHA-256 in hexadecimal.");
        }
        LOG.warn("vaultferry.admin.key-sha256 is not set: every call of the API will be answered 401");
    }

    @Override
    public boolean isShownBy(ContainerRequestContext request) {
        return BearerToken.of(request).map(this::is).orElse(false);
    }

    @Override
    public boolean isSentUnasked() {
        return false;
    }

    /** Whether a text is the key; takes as long for a wrong one as for the right one. */
    boolean is(String key) {
        return hash.isPresent() && MessageDigest.isEqual(hash.get(), sha256(key));
    }

    private static byte[] parse(String hex) {
        try {
            byte[] parsed = HexFormat.of().parseHex(hex.strip());
            if (parsed.length == SHA_256_LENGTH) {
                return parsed;
            }
        } catch (IllegalArgumentException e) {
            // Answered below, without the text: it may be the key itself.
        }
        throw new IllegalArgumentException("vaultferry.admin.key-sha256 must be 64 hexadecimal digits");
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

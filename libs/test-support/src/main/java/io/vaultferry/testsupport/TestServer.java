package io.vaultferry.testsupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vaultferry.bitwarden.client.AccessToken;
import io.vaultferry.bitwarden.client.AccessTokens;
import io.vaultferry.bitwarden.client.BitwardenServer;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.ClientSettings;
import io.vaultferry.bitwarden.client.NewOrganization;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.ServerAddress;
import io.vaultferry.bitwarden.crypto.KeyPair;
import io.vaultferry.bitwarden.crypto.PrivateKey;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import io.vaultferry.sandbox.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A sandbox with the recorded accounts, and what a test does there beside the service under test. */
public final class TestServer implements AutoCloseable {

    private final Sandbox sandbox;
    private final BitwardenServer server;
    private final Map<RecordedAccount, AccessToken> tokens = new EnumMap<>(RecordedAccount.class);

    private TestServer(Sandbox sandbox) {
        this.sandbox = sandbox;
        this.server = BitwardenServer.at(
                ServerAddress.of(sandbox.baseUrl().toString()),
                ClientSettings.defaults().withInsecureServers(true).withCaFile(sandbox.caFile()));
    }

    /** With the recorded organization. */
    public static TestServer withOrganization(String tlsDirectory) {
        return start(tlsDirectory, builder -> builder.seed(Seed.recorded()));
    }

    /** With the recorded accounts, who are in no organization. */
    public static TestServer withAccounts(String tlsDirectory) {
        return start(tlsDirectory, builder -> builder.seed(Seed.recordedAccountsOnly()));
    }

    public static TestServer start(String tlsDirectory, UnaryOperator<SandboxConfig.Builder> changes) {
        return new TestServer(
                Sandbox.start(changes.apply(SandboxConfig.builder().tlsDirectory(Path.of(tlsDirectory)))
                        .build()));
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    public String url() {
        return sandbox.baseUrl().toString();
    }

    public synchronized AccessToken token(RecordedAccount account) {
        return tokens.computeIfAbsent(
                account, missing -> server.logIn(missing.apiKey()).accessToken());
    }

    public BitwardenSession session(RecordedAccount account) {
        return server.session(AccessTokens.fixed(token(account)));
    }

    public BitwardenSession owner() {
        return session(RecordedAccount.OWNER);
    }

    /** An organization of the owner, without collections. */
    public TestOrganization createOrganization() {
        SymmetricKey key = SymmetricKey.make();
        KeyPair pair = KeyPair.make();
        OrganizationId id;
        try (PrivateKey ownersKey = RecordedAccount.OWNER.privateKey()) {
            id = owner().createOrganization(new NewOrganization(
                    "Target",
                    RecordedAccount.OWNER.email(),
                    ownersKey.publicKey().wrap(key),
                    pair.publicKey(),
                    key.wrap(pair.privateKey()),
                    key.encryptText("Default collection")));
        } finally {
            pair.privateKey().close();
        }
        owner().collections(id).forEach(first -> owner().deleteCollection(id, first.id()));
        return new TestOrganization(id, key);
    }

    /**
     * Does something that the client of this project cannot do, as other clients do it.
     *
     * @param path for example {@code /api/ciphers/…}
     * @throws IllegalStateException when the server does not answer with a success
     */
    public void send(RecordedAccount account, String method, String path, Map<String, Object> body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .header("Authorization", "Bearer " + token(account).reveal())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(json(body)))
                .build();
        try (HttpClient http = HttpClient.newBuilder().sslContext(trust()).build()) {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status / 100 != 2) {
                throw new IllegalStateException(method + " " + path + " was answered " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static byte[] json(Map<String, Object> body) {
        try {
            return new ObjectMapper().writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a tree", e);
        }
    }

    private SSLContext trust() {
        try (InputStream pem = Files.newInputStream(sandbox.caFile().orElseThrow())) {
            KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            authorities.setCertificateEntry(
                    "sandbox", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the sandbox's authority is not readable", e);
        }
    }

    /** How many calls of an endpoint, for example {@code POST /api/organizations/{id}/groups}, had an effect. */
    public long successes(String endpoint) {
        String wanted = anonymous(endpoint) + " 2";
        return sandbox.counters().entrySet().stream()
                .filter(counter -> anonymous(counter.getKey()).startsWith(wanted))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Path variables may have any name. */
    private static String anonymous(String endpoint) {
        return endpoint.replaceAll("\\{[^}]*}", "{}");
    }

    @Override
    public void close() {
        server.close();
        sandbox.close();
    }
}

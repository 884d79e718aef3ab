package io.vaultferry.bitwarden.client;

import java.io.InputStream;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;

/**
 * Sends one request, once, and says of every failure whether a byte of the request may have left.
 *
 * <p>HTTP/1.1 only, as Vaultwarden speaks nothing else, and connections are given up after 4 idle seconds, as it drops
 * them after 5. A connection that the server drops at the very moment when it is used again ends as "maybe sent": Java
 * repeats such a request by itself only for GET. No redirects and no proxies: both would lead around the guard.
 */
final class HttpTransport implements AutoCloseable {
    static final String CLIENT_VERSION = "2026.8.0";
    private static final String DEVICE_TYPE_LINUX_CLI = "25";

    static {
        // Read once, when the first client of the process opens a connection.
        if (System.getProperty("jdk.httpclient.keepalive.timeout") == null) {
            System.setProperty("jdk.httpclient.keepalive.timeout", "4");
        }
    }

    private final OutboundGuard guard;
    private final HttpClient client;
    private final Set<Origin> ownOrigins;
    private final Duration bodyIdle;

    HttpTransport(ClientSettings settings, OutboundGuard guard, List<Origin> ownOrigins) {
        requireUnset("jdk.httpclient.enableAllMethodRetry");
        requireUnset("jdk.internal.httpclient.disableHostnameVerification");
        SSLParameters tls = new SSLParameters();
        tls.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        this.guard = guard;
        this.ownOrigins = Set.copyOf(ownOrigins);
        this.bodyIdle = settings.bodyIdleTimeout();
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(settings.connectTimeout())
                .sslContext(TrustedAuthorities.context(settings.caFile()))
                .sslParameters(tls)
                .build();
    }

    private static void requireUnset(String property) {
        if (System.getProperty(property) != null) {
            throw new IllegalStateException("The system property " + property + " must not be set: writes would be sent"
                    + " twice, or certificates believed that do not fit.");
        }
    }

    /** The caller closes the answer. */
    HttpAnswer send(Call call) throws TransportFailure {
        Origin origin = Origin.of(call.uri());
        boolean own = ownOrigins.contains(origin);
        if (call.token().isPresent() && !own) {
            throw new ForbiddenTargetException("Refused to show the access token to " + origin + ".");
        }
        try {
            guard.check(call.uri());
        } catch (UnknownHostException e) {
            throw new TransportFailure(TransportFailure.Kind.UNKNOWN_HOST, false, "nobody knows the host of " + origin);
        }
        WatchedBody body = new WatchedBody(call.payload().publisher().get());
        HttpRequest request = request(call, body, own);
        CompletableFuture<HttpResponse<InputStream>> answering =
                client.sendAsync(request, info -> new TimedBody(bodyIdle));
        HttpResponse<InputStream> response = await(call, origin, body, answering);
        return new HttpAnswer(response.statusCode(), response.headers(), response.body());
    }

    private static HttpRequest request(Call call, WatchedBody body, boolean own) {
        HttpRequest.Builder request = HttpRequest.newBuilder(call.uri()).setHeader("User-Agent", "Vaultferry");
        if (call.payload().isEmpty() && call.method().equals("GET")) {
            request.GET();
        } else {
            request.method(call.method(), body);
        }
        if (!call.payload().isEmpty()) {
            request.setHeader("Content-Type", call.payload().contentType());
        }
        if (own) {
            // Without its version in the first of these, a server hides items and refuses logins.
            request.setHeader("Bitwarden-Client-Version", CLIENT_VERSION)
                    .setHeader("Bitwarden-Client-Name", "cli")
                    .setHeader("Device-Type", DEVICE_TYPE_LINUX_CLI)
                    .setHeader("Accept", "application/json");
        }
        call.token().ifPresent(token -> request.setHeader("Authorization", "Bearer " + token.reveal()));
        return request.build();
    }

    /** Waits while the body makes progress, and from then on as long as the call allows. */
    private static HttpResponse<InputStream> await(
            Call call, Origin origin, WatchedBody body, CompletableFuture<HttpResponse<InputStream>> answering)
            throws TransportFailure {
        while (true) {
            long left = call.answerWithin().toNanos() - (System.nanoTime() - body.lastProgress());
            try {
                if (left > 0) {
                    return answering.get(left, TimeUnit.NANOSECONDS);
                }
                abandon(answering);
                throw new TransportFailure(
                        TransportFailure.Kind.TIMEOUT,
                        maybeSent(body),
                        origin + " did not answer within " + call.answerWithin().toSeconds() + " s");
            } catch (TimeoutException e) {
                // The body may have made progress meanwhile: look again.
            } catch (InterruptedException e) {
                abandon(answering);
                Thread.currentThread().interrupt();
                throw new TransportFailure(TransportFailure.Kind.INTERRUPTED, maybeSent(body), "interrupted");
            } catch (CancellationException | ExecutionException e) {
                throw failure(origin, body, e instanceof ExecutionException ? e.getCause() : e);
            }
        }
    }

    /** Drops the connection, also when the answer comes in just now. */
    private static void abandon(CompletableFuture<HttpResponse<InputStream>> answering) {
        var unused = answering.whenComplete((response, failure) -> {
            if (response != null) {
                new HttpAnswer(response.statusCode(), response.headers(), response.body()).close();
            }
        });
        answering.cancel(true);
    }

    private static TransportFailure failure(Origin origin, WatchedBody body, Throwable cause) {
        if (find(cause, UnresolvedAddressException.class).isPresent()) {
            return new TransportFailure(
                    TransportFailure.Kind.UNKNOWN_HOST, false, "nobody knows the host of " + origin);
        }
        Optional<CertificateException> certificate = find(cause, CertificateException.class);
        if (certificate.isPresent()) {
            return new TransportFailure(
                    TransportFailure.Kind.TLS,
                    false,
                    "the certificate of " + origin + " is not accepted: "
                            + ServerText.clean(rootMessage(certificate.get())));
        }
        if (find(cause, ConnectException.class).isPresent()
                || find(cause, HttpConnectTimeoutException.class).isPresent()) {
            return new TransportFailure(
                    TransportFailure.Kind.NO_CONNECTION, false, origin + " does not take the connection");
        }
        Optional<SSLHandshakeException> handshake = find(cause, SSLHandshakeException.class);
        if (handshake.isPresent()) {
            return new TransportFailure(
                    TransportFailure.Kind.TLS,
                    body.hasBegun(),
                    "no TLS connection to " + origin + ": "
                            + ServerText.clean(handshake.get().getMessage()));
        }
        return new TransportFailure(
                TransportFailure.Kind.CONNECTION_LOST,
                maybeSent(body),
                "the connection to " + origin + " ended without an answer");
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return Optional.of(type.cast(t));
            }
        }
        return Optional.empty();
    }

    private static boolean maybeSent(WatchedBody body) {
        // Nobody subscribes to an empty body, so nothing is known of a request without one.
        return body.hasBegun() || body.contentLength() == 0;
    }

    private static String rootMessage(Throwable t) {
        Throwable root = t;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

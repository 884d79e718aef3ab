package io.vaultferry.bitwarden.client;

import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * Sends one request, once, and says of every failure whether a byte of the request may have left.
 *
 * <p>HTTP/1.1 only, as Vaultwarden speaks nothing else, and connections are given up after 4 idle seconds, as it drops
 * them after 5. A connection that the server drops at the very moment when it is used again ends as "maybe sent": Java
 * repeats such a request by itself only for GET. No redirects and no proxies: both would lead around the guard.
 *
 * <p>Files go through {@link FileTransport}, after the same checks.
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
    private final FileTransport files;
    private final Set<Origin> ownOrigins;
    private final Duration bodyIdle;

    HttpTransport(ClientSettings settings, OutboundGuard guard, List<Origin> ownOrigins) {
        requireUnset("jdk.httpclient.enableAllMethodRetry");
        requireUnset("jdk.internal.httpclient.disableHostnameVerification");
        SSLContext authorities = TrustedAuthorities.context(settings.caFile());
        SSLParameters tls = new SSLParameters();
        tls.setProtocols(tlsProtocols());
        this.guard = guard;
        this.ownOrigins = Set.copyOf(ownOrigins);
        this.bodyIdle = settings.bodyIdleTimeout();
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(settings.connectTimeout())
                .sslContext(authorities)
                .sslParameters(tls)
                .build();
        this.files = new FileTransport(settings, authorities);
    }

    static String[] tlsProtocols() {
        return new String[] {"TLSv1.3", "TLSv1.2"};
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
        List<InetAddress> addresses;
        try {
            addresses = guard.check(call.uri());
        } catch (UnknownHostException e) {
            throw TransportFailure.unknownHost(origin);
        }
        Map<String, String> headers = headers(call, own);
        if (call.ofFile()) {
            return files.send(call, origin, addresses, headers);
        }
        WatchedBody body = new WatchedBody(call.payload().publisher().get());
        HttpRequest request = request(call, body, headers);
        CompletableFuture<HttpResponse<InputStream>> answering =
                client.sendAsync(request, info -> new TimedBody(bodyIdle));
        HttpResponse<InputStream> response = await(call, origin, body, answering);
        return new HttpAnswer(response.statusCode(), response.headers(), response.body());
    }

    private static Map<String, String> headers(Call call, boolean own) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", "Vaultferry");
        if (!call.payload().isEmpty()) {
            headers.put("Content-Type", call.payload().contentType());
        }
        if (own) {
            // Without its version in the first of these, a server hides items and refuses logins.
            headers.put("Bitwarden-Client-Version", CLIENT_VERSION);
            headers.put("Bitwarden-Client-Name", "cli");
            headers.put("Device-Type", DEVICE_TYPE_LINUX_CLI);
            headers.put("Accept", "application/json");
        }
        call.token().ifPresent(token -> headers.put("Authorization", "Bearer " + token.reveal()));
        return headers;
    }

    private static HttpRequest request(Call call, WatchedBody body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(call.uri());
        if (call.payload().isEmpty() && call.method().equals("GET")) {
            request.GET();
        } else {
            request.method(call.method(), body);
        }
        headers.forEach(request::setHeader);
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
                throw TransportFailure.noAnswerInTime(origin, call.answerWithin(), maybeSent(body));
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
        if (TransportFailure.find(cause, UnresolvedAddressException.class).isPresent()) {
            return TransportFailure.unknownHost(origin);
        }
        Optional<TransportFailure> tls = TransportFailure.ofTls(origin, cause, body.hasBegun());
        if (tls.isPresent()) {
            return tls.get();
        }
        return TransportFailure.find(cause, ConnectException.class).isPresent()
                        || TransportFailure.find(cause, HttpConnectTimeoutException.class)
                                .isPresent()
                ? TransportFailure.noConnection(origin)
                : TransportFailure.connectionLost(origin, maybeSent(body));
    }

    private static boolean maybeSent(WatchedBody body) {
        // Nobody subscribes to an empty body, so nothing is known of a request without one.
        return body.hasBegun() || body.contentLength() == 0;
    }

    @Override
    public void close() {
        files.close();
        client.shutdownNow();
    }
}

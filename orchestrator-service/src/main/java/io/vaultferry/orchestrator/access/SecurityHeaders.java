package io.vaultferry.orchestrator.access;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;

/**
 * What every answer tells a browser, whoever made the answer: to run, show and call nothing but what comes from here, to
 * guess nothing, to tell nobody where it was, and to keep nothing that holds data.
 */
@ApplicationScoped
class SecurityHeaders {

    private static final int BEFORE_EVERYTHING = 100;

    private static final Map<String, String> ALWAYS = Map.of(
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin");

    private static final String CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src"
            + " 'self'; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    void add(@Observes Filters filters) {
        filters.register(
                context -> {
                    context.addHeadersEndHandler(ended -> add(context));
                    context.next();
                },
                BEFORE_EVERYTHING);
    }

    private static void add(RoutingContext context) {
        MultiMap headers = context.response().headers();
        ALWAYS.forEach(headers::set);
        // The printable report is one page with a policy of its own.
        if (!headers.contains("Content-Security-Policy")) {
            headers.set("Content-Security-Policy", CONTENT_POLICY);
        }
        headers.set("Cache-Control", isDashboard(context.normalizedPath()) ? "no-cache" : "no-store");
    }

    /** Its files hold no data. They are asked for again each time, so that a page is never older than the API that it calls. */
    private static boolean isDashboard(String path) {
        return path.equals("/") || path.equals("/index.html") || path.startsWith("/dashboard/");
    }
}

package io.vaultferry.orchestrator.access;

import jakarta.ws.rs.container.ContainerRequestContext;
import java.net.URI;

/**
 * Tells a request that the dashboard sends from one that another page makes a browser send. A page of another origin cannot
 * add a header of its own without asking first, which is never granted; and where a browser says who sends, that has to be
 * the dashboard's origin. Compared are host and port: behind a proxy that ends TLS, the scheme here is not the browser's.
 */
final class SameOrigin {

    static final String REQUEST_HEADER = "X-Vaultferry-Request";

    private SameOrigin() {}

    static boolean isProvenBy(ContainerRequestContext request) {
        String site = request.getHeaderString("Sec-Fetch-Site");
        String origin = request.getHeaderString("Origin");
        return request.getHeaderString(REQUEST_HEADER) != null
                && (site != null || origin != null)
                && (site == null || site.equals("same-origin"))
                && (origin == null || isOurs(origin, request.getUriInfo().getRequestUri()));
    }

    private static boolean isOurs(String origin, URI request) {
        try {
            URI sender = URI.create(origin);
            return sender.getAuthority() != null && sender.getAuthority().equalsIgnoreCase(request.getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

package io.vaultferry.orchestrator.access;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The session of the dashboard as a cookie, which scripts cannot read and other sites cannot make a browser send. */
@ApplicationScoped
class SessionCookie implements AdminCredential {

    static final String NAME = "vaultferry-session";

    private static final String PATH = "/api/v1";

    private final Sessions sessions;

    SessionCookie(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public boolean isShownBy(ContainerRequestContext request) {
        return idIn(request.getCookies()).flatMap(sessions::use).isPresent();
    }

    @Override
    public boolean isSentUnasked() {
        return true;
    }

    static Optional<String> idIn(HttpHeaders headers) {
        return idIn(headers.getCookies());
    }

    private static Optional<String> idIn(Map<String, Cookie> cookies) {
        return Optional.ofNullable(cookies.get(NAME)).map(Cookie::getValue);
    }

    /**
     * @param secure whether the present request came over https; a browser would not keep a secure cookie from http
     */
    static NewCookie of(String id, Duration lifetime, boolean secure) {
        return new NewCookie.Builder(NAME)
                .value(id)
                .path(PATH)
                .maxAge(Math.toIntExact(lifetime.toSeconds()))
                .httpOnly(true)
                .secure(secure)
                .sameSite(NewCookie.SameSite.STRICT)
                .build();
    }

    /** Makes a browser forget the cookie. */
    static NewCookie ended(boolean secure) {
        return of("", Duration.ZERO, secure);
    }
}

package io.vaultferry.orchestrator.access;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The sessions of the dashboard, in memory: a restart ends them all. An id is 256 random bits of which only the SHA-256 is
 * kept; how long a look-up takes tells about that hash and nothing about an id. Thread-safe.
 */
@ApplicationScoped
class Sessions {

    private static final int ID_LENGTH = 32;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> sessions = new HashMap<>();
    private final Duration lifetime;
    private final Duration idle;
    private final int most;
    private final InstantSource clock;

    private record Session(Instant begun, Instant used) {}

    @Inject
    Sessions(SessionSettings settings) {
        this(settings.lifetime(), settings.idle(), settings.most(), InstantSource.system());
    }

    Sessions(Duration lifetime, Duration idle, int most, InstantSource clock) {
        if (most < 1) {
            throw new IllegalArgumentException("vaultferry.session.most must be at least 1");
        }
        this.lifetime = lifetime;
        this.idle = idle;
        this.most = most;
        this.clock = clock;
    }

    /** Begins a session and says its id, which is known to nobody else. */
    synchronized String begin() {
        forgetEnded();
        while (sessions.size() >= most) {
            sessions.entrySet().stream()
                    .min(Comparator.comparing(entry -> entry.getValue().used()))
                    .map(Map.Entry::getKey)
                    .ifPresent(sessions::remove);
        }
        byte[] id = new byte[ID_LENGTH];
        random.nextBytes(id);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
        sessions.put(hashOf(text), new Session(clock.instant(), clock.instant()));
        return text;
    }

    /** When a session ends by its age, if it has not ended; counts as a use of it. */
    synchronized Optional<Instant> use(String id) {
        forgetEnded();
        return Optional.ofNullable(sessions.computeIfPresent(
                        hashOf(id), (hash, session) -> new Session(session.begun(), clock.instant())))
                .map(session -> session.begun().plus(lifetime));
    }

    synchronized void end(String id) {
        sessions.remove(hashOf(id));
    }

    Duration lifetime() {
        return lifetime;
    }

    private void forgetEnded() {
        Instant now = clock.instant();
        sessions.values()
                .removeIf(session -> !now.isBefore(session.begun().plus(lifetime))
                        || !now.isBefore(session.used().plus(idle)));
    }

    private static String hashOf(String id) {
        return HexFormat.of().formatHex(AdminKey.sha256(id));
    }
}

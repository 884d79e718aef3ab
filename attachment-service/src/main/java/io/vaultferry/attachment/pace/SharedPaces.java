package io.vaultferry.attachment.pace;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vaultferry.attachment.persistence.PaceRepository;
import io.vaultferry.bitwarden.client.Pace;
import io.vaultferry.contracts.Side;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.participant.MigrationSession;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The paces of all servers that this process asks. */
@ApplicationScoped
public class SharedPaces {

    private static final double NO_LIMIT = -1;

    private final PaceRepository repository;
    private final PaceSettings settings;
    private final Map<String, OriginPace> paces = new ConcurrentHashMap<>();
    private final Map<Side, SideMeters> meters = new EnumMap<>(Side.class);

    SharedPaces(PaceRepository repository, PaceSettings settings, MeterRegistry registry) {
        this.repository = repository;
        this.settings = settings;
        for (Side side : Side.values()) {
            meters.put(side, new SideMeters(side, registry));
        }
    }

    /** The session with requests that wait for their turn, and no longer than the lease lasts. For one thread. */
    public MigrationSession paced(MigrationSession session, StepContext lease) {
        return new PacedSession(session, new UnitPace(meters.get(session.side()), lease));
    }

    private OriginPace of(String origin) {
        return paces.computeIfAbsent(origin, missing -> new OriginPace(sha256(origin), repository, settings));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static final class SideMeters {

        private final Counter delayed;
        private final Counter refused;
        private volatile double rate = NO_LIMIT;

        SideMeters(Side side, MeterRegistry registry) {
            String name = side.name().toLowerCase(java.util.Locale.ROOT);
            delayed = Counter.builder("vaultferry.requests.delayed")
                    .tag("side", name)
                    .register(registry);
            refused = Counter.builder("vaultferry.requests.refused")
                    .tag("side", name)
                    .register(registry);
            Gauge.builder("vaultferry.requests.allowed", this, meters -> meters.rate)
                    .description(
                            "Requests a second that all instances may send to the server asked last; -1 without a limit")
                    .tag("side", name)
                    .register(registry);
        }

        void sees(OriginPace pace) {
            rate = Double.isInfinite(pace.rate()) ? NO_LIMIT : pace.rate();
        }
    }

    /** The pace of one unit's requests to one side's servers. */
    private final class UnitPace implements Pace {

        private final SideMeters meters;
        private final StepContext lease;
        private Optional<Prepared> prepared = Optional.empty();

        private record Prepared(String origin, Turn turn) {}

        UnitPace(SideMeters meters, StepContext lease) {
            this.meters = meters;
            this.lease = lease;
        }

        @Override
        public Turn await(String origin) throws InterruptedException {
            Optional<Prepared> ready = prepared.filter(turn -> turn.origin().equals(origin));
            if (ready.isPresent()) {
                prepared = Optional.empty();
                return ready.get().turn();
            }
            return take(origin);
        }

        @Override
        public void prepare(String origin) throws InterruptedException {
            prepared = Optional.of(new Prepared(origin, take(origin)));
        }

        private Turn take(String origin) throws InterruptedException {
            OriginPace pace = of(origin);
            long epoch = pace.await(lease, meters.delayed::increment);
            meters.sees(pace);
            return retryAfter -> refused(pace, epoch, retryAfter);
        }

        private boolean refused(OriginPace pace, long epoch, Optional<Duration> retryAfter) {
            meters.refused.increment();
            pace.refused(epoch, retryAfter);
            meters.sees(pace);
            return true;
        }
    }
}

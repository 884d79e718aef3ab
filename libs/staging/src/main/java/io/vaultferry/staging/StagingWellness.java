package io.vaultferry.staging;

import io.smallrye.health.api.Wellness;
import io.vaultferry.claimcheck.ClaimCheckStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Whether the staging store can be written now: {@code /q/health/well}. Asks the store every ten seconds at most. */
@Wellness
@ApplicationScoped
class StagingWellness implements HealthCheck {

    private static final Duration FRESH = Duration.ofSeconds(10);

    private final ClaimCheckStore store;
    private Optional<String> reason = Optional.empty();
    private long asked;
    private boolean known;

    StagingWellness(ClaimCheckStore store) {
        this.store = store;
    }

    @Override
    public synchronized HealthCheckResponse call() {
        long now = System.nanoTime();
        if (!known || now - asked > FRESH.toNanos()) {
            reason = StagingReadiness.whyUnavailable(store);
            asked = now;
            known = true;
        }
        return StagingReadiness.answer("staging", reason);
    }
}

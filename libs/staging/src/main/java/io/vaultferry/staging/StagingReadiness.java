package io.vaultferry.staging;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingUnavailableException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * A service is ready when it could write to the staging store once: a deployment with a wrong address or key ends here. A store
 * that goes away later makes nobody unready, because steps repeat by themselves and an operator needs the API just then; that is
 * told by {@link StagingWellness}.
 */
@Readiness
@ApplicationScoped
class StagingReadiness implements HealthCheck {

    private final ClaimCheckStore store;
    private volatile boolean written;

    StagingReadiness(ClaimCheckStore store) {
        this.store = store;
    }

    @Override
    public HealthCheckResponse call() {
        return answer("staging at the start", whyNot());
    }

    /** Why nothing could be written yet, or empty when something could. */
    synchronized Optional<String> whyNot() {
        if (written) {
            return Optional.empty();
        }
        Optional<String> reason = whyUnavailable(store);
        written = reason.isEmpty();
        return reason;
    }

    static Optional<String> whyUnavailable(ClaimCheckStore store) {
        try {
            store.check();
            return Optional.empty();
        } catch (StagingUnavailableException e) {
            return Optional.of(e.getMessage());
        }
    }

    static HealthCheckResponse answer(String name, Optional<String> reason) {
        return reason.map(text -> HealthCheckResponse.named(name)
                        .down()
                        .withData("reason", text)
                        .build())
                .orElseGet(() -> HealthCheckResponse.up(name));
    }
}

package io.vaultferry.staging;

import io.quarkus.runtime.StartupEvent;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.StagingUnavailableException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * A service is ready when it could write to the staging store once: a deployment with a wrong address or key ends here. A store
 * that goes away later makes nobody unready, because steps repeat by themselves and an operator needs the API just then; that is
 * told by {@link StagingWellness}.
 */
@Readiness
@ApplicationScoped
class StagingReadiness implements HealthCheck {

    private static final Logger LOG = Logger.getLogger(StagingReadiness.class);

    private final ClaimCheckStore store;
    private boolean written;

    StagingReadiness(ClaimCheckStore store) {
        this.store = store;
    }

    /** Wrong settings end the service here, and not in the middle of its first step. A store that is away does not. */
    void check(@Observes StartupEvent started) {
        whyNot().ifPresent(reason -> LOG.warnf("%s; this service is not ready until it can be", reason));
    }

    @Override
    public HealthCheckResponse call() {
        return answer("staging-at-start", whyNot());
    }

    private synchronized Optional<String> whyNot() {
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

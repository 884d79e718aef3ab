package io.vaultferry.messaging.outbox;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while messages have been piling up for longer than a short disturbance. */
@Readiness
@ApplicationScoped
class OutboxRelayCheck implements HealthCheck {

    private final OutboxRelayRunner relay;

    OutboxRelayCheck(OutboxRelayRunner relay) {
        this.relay = relay;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("outbox-relay")
                .status(relay.sendingOrBrieflyDisturbed())
                .build();
    }
}

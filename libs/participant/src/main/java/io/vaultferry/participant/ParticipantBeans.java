package io.vaultferry.participant;

import io.vaultferry.bitwarden.client.ClientSettings;
import io.vaultferry.claimcheck.InternalToken;
import io.vaultferry.contracts.Participant;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes what the libraries need out of the service's configuration. */
@Dependent
class ParticipantBeans {

    @Produces
    @Singleton
    GrantClient grantClient(
            @ConfigProperty(name = "quarkus.application.name") String serviceName,
            @ConfigProperty(name = "vaultferry.orchestrator.url") URI orchestrator,
            @ConfigProperty(name = "vaultferry.internal.token") String token) {
        Participant participant = Arrays.stream(Participant.values())
                .filter(candidate -> candidate.serviceName().equals(serviceName))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("quarkus.application.name is no participant's"));
        return new GrantClient(orchestrator, participant, InternalToken.of(token));
    }

    @Produces
    @Singleton
    ClientSettings clientSettings(
            @ConfigProperty(name = "vaultferry.outbound.allow-insecure-servers", defaultValue = "false")
                    boolean allowInsecureServers,
            @ConfigProperty(name = "vaultferry.outbound.ca-file") Optional<Path> caFile) {
        return ClientSettings.defaults()
                .withInsecureServers(allowInsecureServers)
                .withCaFile(caFile);
    }
}

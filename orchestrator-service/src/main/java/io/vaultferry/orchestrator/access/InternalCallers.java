package io.vaultferry.orchestrator.access;

import io.quarkus.runtime.Startup;
import io.vaultferry.claimcheck.InternalToken;
import io.vaultferry.contracts.Participant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The participants and the tokens that they are known by. A participant without a configured token is never admitted. */
@Startup
@ApplicationScoped
public class InternalCallers {

    static final String SERVICE_HEADER = "X-Vaultferry-Service";

    private final Map<Participant, InternalToken> tokens = new EnumMap<>(Participant.class);

    InternalCallers(InternalSettings settings) {
        settings.tokens().forEach((name, token) -> tokens.put(participantNamed(name), parse(name, token)));
    }

    /** The participant that a request proves to come from. */
    Optional<Participant> callerOf(ContainerRequestContext request) {
        String service = request.getHeaderString(SERVICE_HEADER);
        Optional<String> shown = BearerToken.of(request);
        return Arrays.stream(Participant.values())
                .filter(participant -> participant.serviceName().equals(service))
                .filter(participant -> shown.isPresent()
                        && tokens.containsKey(participant)
                        && tokens.get(participant).accepts(shown.get()))
                .findFirst();
    }

    /** The token to seal answers for a participant with. */
    public InternalToken tokenOf(Participant participant) {
        InternalToken token = tokens.get(participant);
        if (token == null) {
            throw new IllegalStateException("no internal token is configured for " + participant.serviceName());
        }
        return token;
    }

    private static Participant participantNamed(String name) {
        return Arrays.stream(Participant.values())
                .filter(participant -> participant != Participant.ORCHESTRATOR)
                .filter(participant ->
                        participant.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("vaultferry.internal.tokens." + name
                        + " names no participant: there are export, import, identity and attachment"));
    }

    private static InternalToken parse(String name, String token) {
        try {
            return InternalToken.of(token);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("vaultferry.internal.tokens." + name + ": " + e.getMessage(), e);
        }
    }
}

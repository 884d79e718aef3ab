package io.vaultferry.participant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vaultferry.bitwarden.client.AccessToken;
import io.vaultferry.claimcheck.GrantSeal;
import io.vaultferry.claimcheck.InternalToken;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.grant.Grant;
import io.vaultferry.contracts.grant.GrantRequest;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepStoppedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Asks the orchestrator for grants. Thread-safe. */
final class GrantClient {

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** The orchestrator may have to log in at a slow server first. */
    private static final Duration ANSWER = Duration.ofSeconds(90);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final ObjectMapper mapper = new ObjectMapper();
    private final URI orchestrator;
    private final Participant participant;
    private final InternalToken token;
    private final GrantSeal seal;

    GrantClient(URI orchestrator, Participant participant, InternalToken token) {
        this.orchestrator = orchestrator;
        this.participant = participant;
        this.token = token;
        this.seal = new GrantSeal(token, participant);
    }

    /**
     * Fetches a grant.
     *
     * @param rejected a token that the server no longer accepts, so that the grant holds another
     * @throws StepFailureException when the orchestrator refuses or cannot be reached
     */
    Grant fetch(MigrationId migration, Side side, Optional<AccessToken> rejected) {
        HttpResponse<byte[]> answer = send(request(migration, side, rejected));
        if (answer.statusCode() != 200) {
            throw refused(answer);
        }
        try {
            return seal.open(answer.body(), migration, side);
        } catch (StagedDataDamagedException e) {
            throw new StepFailureException(
                    FailureCode.GRANT_REFUSED, "the grant does not open: the internal tokens differ");
        }
    }

    private HttpRequest request(MigrationId migration, Side side, Optional<AccessToken> rejected) {
        byte[] body;
        try {
            body = mapper.writeValueAsBytes(
                    new GrantRequest(rejected.map(GrantClient::sha256).orElse(null)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a grant request is not encodable", e);
        }
        return HttpRequest.newBuilder(orchestrator.resolve("/internal/v1/migrations/" + migration + "/grants/" + side))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + token.bearer())
                .header("X-Vaultferry-Service", participant.serviceName())
                .header("Content-Type", "application/json")
                .header("Accept", "application/octet-stream, application/problem+json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new StepFailureException(
                    FailureCode.ORCHESTRATOR_UNREACHABLE, e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepStoppedException("interrupted while asking for a grant");
        }
    }

    /** The orchestrator's problem codes are named as ours where they mean the same. */
    private StepFailureException refused(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        String code = problemCode(answer.body());
        String detail = "the orchestrator answered " + status + (code.isEmpty() ? "" : " " + code);
        if (status >= 500) {
            return new StepFailureException(FailureCode.ORCHESTRATOR_UNREACHABLE, detail);
        }
        return new StepFailureException(
                Arrays.stream(FailureCode.values())
                        .filter(known -> known.name().equals(code))
                        .findFirst()
                        .orElse(FailureCode.GRANT_REFUSED),
                detail);
    }

    private String problemCode(byte[] body) {
        try {
            JsonNode problem = mapper.readTree(body);
            String code = problem == null ? "" : problem.path("code").asText("");
            return code.matches("[A-Z_]{1,64}") ? code : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static String sha256(AccessToken rejected) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(rejected.reveal().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

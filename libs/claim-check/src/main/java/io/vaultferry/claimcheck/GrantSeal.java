package io.vaultferry.claimcheck;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Side;
import io.vaultferry.contracts.grant.Grant;
import java.io.IOException;
import java.util.Arrays;

/**
 * Turns a grant into what the orchestrator answers and back: JSON, sealed for one participant, one migration and one side.
 * Thread-safe.
 */
public final class GrantSeal {

    private final ObjectMapper mapper = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final InternalToken token;
    private final Participant participant;

    public GrantSeal(InternalToken token, Participant participant) {
        this.token = token;
        this.participant = participant;
    }

    /** Seals a grant. */
    public byte[] seal(MigrationId migration, Grant grant) {
        byte[] json;
        try {
            json = mapper.writeValueAsBytes(grant);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "a grant is not encodable: " + e.getClass().getSimpleName());
        }
        try {
            return token.seal(json, associatedData(migration, grant.side()));
        } finally {
            Arrays.fill(json, (byte) 0);
        }
    }

    /**
     * Opens a grant.
     *
     * @throws StagedDataDamagedException when it is not a grant for this participant, migration and side
     */
    public Grant open(byte[] sealed, MigrationId migration, Side side) {
        byte[] json = token.open(sealed, associatedData(migration, side));
        try {
            return mapper.readValue(json, Grant.class);
        } catch (IOException e) {
            // Without its cause: Jackson's messages may quote what they could not read.
            throw new StagedDataDamagedException("a grant is not readable");
        } finally {
            Arrays.fill(json, (byte) 0);
        }
    }

    private String associatedData(MigrationId migration, Side side) {
        return "grant|" + migration + "|" + side + "|" + participant.serviceName();
    }
}

package io.vaultferry.orchestrator.persistence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepReply.Completed;
import io.vaultferry.orchestrator.saga.MigrationPlan;
import io.vaultferry.orchestrator.saga.MigrationTerms;
import io.vaultferry.orchestrator.saga.SagaData;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The saga's data as it is stored. Completion events are kept as the messages that they were. */
@ApplicationScoped
class SagaDataJson {

    private record Wire(
            MigrationTerms terms,
            Map<Step, JsonNode> events,
            MigrationPlan plan,
            int leaveWaitingFrom,
            long removed,
            long kept) {}

    private final MessageCodec codec;
    private final ObjectMapper mapper = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    SagaDataJson(MessageCodec codec) {
        this.codec = codec;
    }

    String write(SagaData data) {
        Map<Step, JsonNode> events = new EnumMap<>(Step.class);
        try {
            for (Map.Entry<Step, Completed> event : data.events().entrySet()) {
                events.put(event.getKey(), mapper.readTree(codec.encode(event.getValue())));
            }
            return mapper.writeValueAsString(new Wire(
                    data.terms(),
                    events,
                    data.plan().orElse(null),
                    data.leaveWaitingFrom(),
                    data.removed(),
                    data.kept()));
        } catch (IOException e) {
            throw new IllegalStateException("a saga's data is always encodable", e);
        }
    }

    SagaData read(String json) {
        try {
            Wire wire = mapper.readValue(json, Wire.class);
            Map<Step, Completed> events = new EnumMap<>(Step.class);
            for (Map.Entry<Step, JsonNode> event : wire.events().entrySet()) {
                events.put(event.getKey(), (Completed) codec.decode(mapper.writeValueAsBytes(event.getValue())));
            }
            return new SagaData(
                    wire.terms(),
                    events,
                    Optional.ofNullable(wire.plan()),
                    wire.leaveWaitingFrom(),
                    wire.removed(),
                    wire.kept());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the stored data of a saga is not readable", e);
        }
    }
}

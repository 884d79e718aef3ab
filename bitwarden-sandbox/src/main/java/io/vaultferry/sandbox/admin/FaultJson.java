package io.vaultferry.sandbox.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultferry.sandbox.Fault;
import java.time.Duration;

/** A fault as the admin interface is told it. */
final class FaultJson {

    private FaultJson() {}

    static Fault read(JsonNode json) {
        if (!json.path("endpoint").isTextual() || !json.path("mode").isTextual()) {
            throw new IllegalArgumentException("endpoint and mode are needed");
        }
        return new Fault(
                json.get("endpoint").textValue(),
                json.path("nth").asInt(1),
                json.path("times").asInt(1),
                mode(json));
    }

    private static Fault.Mode mode(JsonNode json) {
        Duration delay = Duration.ofMillis(json.path("delayMillis").asLong());
        int status = json.path("status").asInt(500);
        String mode = json.get("mode").textValue();
        return switch (mode) {
            case "status" ->
                new Fault.Refuse(
                        status,
                        Duration.ofSeconds(json.path("retryAfterSeconds").asLong()));
            case "status-after" -> new Fault.AnswerAfterEffect(status);
            case "drop-before" -> new Fault.DropBeforeEffect();
            case "drop-while-reading" ->
                new Fault.DropWhileReading(json.path("afterBytes").asLong());
            case "drop-after" -> new Fault.DropAfterEffect();
            case "delay" -> new Fault.Delay(delay);
            case "delay-halfway" -> new Fault.DelayHalfway(delay);
            case "delay-after" -> new Fault.DelayAfterEffect(delay);
            case "truncate" -> new Fault.Truncate(json.path("afterBytes").asLong());
            case "flip" -> new Fault.Flip(json.path("offset").asLong());
            default -> throw new IllegalArgumentException("no such mode: " + mode);
        };
    }
}

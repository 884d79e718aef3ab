package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.http.Response;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * An object of a request, read as strictly as the recorded server reads it: a wrong type or a missing required member is
 * refused as unprocessable. Unknown members are ignored.
 */
final class Json {

    static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(com.fasterxml.jackson.core.JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    static {
        // The size of a body is limited before it gets here; a single string of it may be as long as the body.
        MAPPER.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .build());
    }

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final JsonNode node;

    private Json(JsonNode node) {
        this.node = node;
    }

    static Json parse(byte[] body) {
        try {
            return of(MAPPER.readTree(body));
        } catch (JsonProcessingException e) {
            throw Refusal.malformed();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
    }

    static Json of(JsonNode node) {
        if (node == null || !node.isObject()) {
            throw Refusal.unprocessable();
        }
        return new Json(node);
    }

    /** A body that is nothing but a list of ids. */
    static List<String> ids(byte[] body) {
        try {
            JsonNode array = MAPPER.readTree(body);
            if (array == null || !array.isArray()) {
                throw Refusal.unprocessable();
            }
            List<String> ids = new ArrayList<>();
            array.forEach(element -> ids.add(textOf(element)));
            return ids;
        } catch (JsonProcessingException e) {
            throw Refusal.malformed();
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
    }

    JsonNode get(String name) {
        JsonNode value = node.get(name);
        return value == null ? JsonNodeFactory.instance.nullNode() : value;
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    String text(String name) {
        return optionalText(name).orElseThrow(Refusal::unprocessable);
    }

    Optional<String> optionalText(String name) {
        JsonNode value = get(name);
        if (value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw Refusal.unprocessable();
        }
        return Optional.of(value.textValue());
    }

    boolean flag(String name) {
        JsonNode value = get(name);
        if (!value.isBoolean()) {
            throw Refusal.unprocessable();
        }
        return value.booleanValue();
    }

    boolean flag(String name, boolean otherwise) {
        return has(name) ? flag(name) : otherwise;
    }

    int number(String name) {
        return optionalNumber(name).orElseThrow(Refusal::unprocessable);
    }

    Optional<Integer> optionalNumber(String name) {
        JsonNode value = get(name);
        if (value.isNull()) {
            return Optional.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw Refusal.unprocessable();
        }
        return Optional.of(value.intValue());
    }

    /** Some numbers may also come as text. */
    long numberOrText(String name) {
        JsonNode value = get(name);
        if (value.isIntegralNumber()) {
            return value.longValue();
        }
        if (value.isTextual()) {
            try {
                return Long.parseLong(value.textValue());
            } catch (NumberFormatException e) {
                throw Refusal.invalid("Can't convert to number");
            }
        }
        throw Refusal.unprocessable();
    }

    Json object(String name) {
        return of(get(name));
    }

    Optional<Json> optionalObject(String name) {
        return has(name) ? Optional.of(object(name)) : Optional.empty();
    }

    /** An empty object when it is left out; null is refused. */
    JsonNode objectUnlessLeftOut(String name) {
        JsonNode value = node.path(name);
        if (!value.isMissingNode() && !value.isObject()) {
            throw Refusal.unprocessable();
        }
        return value;
    }

    List<JsonNode> array(String name) {
        JsonNode value = get(name);
        if (!value.isArray()) {
            throw Refusal.unprocessable();
        }
        List<JsonNode> elements = new ArrayList<>(value.size());
        value.forEach(elements::add);
        return elements;
    }

    List<JsonNode> arrayOrNothing(String name) {
        return has(name) ? array(name) : List.of();
    }

    List<String> texts(String name) {
        return array(name).stream().map(Json::textOf).toList();
    }

    <T> List<T> objects(String name, Function<Json, T> reader) {
        return array(name).stream().map(Json::of).map(reader).toList();
    }

    static String textOf(JsonNode element) {
        if (!element.isTextual()) {
            throw Refusal.unprocessable();
        }
        return element.textValue();
    }

    // ---- writing

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static ObjectNode list(ArrayNode data) {
        ObjectNode list = object();
        list.set("data", data);
        list.put("object", "list");
        list.putNull("continuationToken");
        return list;
    }

    static <T> ArrayNode arrayOf(Iterable<T> values, BiConsumer<ArrayNode, T> writer) {
        ArrayNode array = array();
        values.forEach(value -> writer.accept(array, value));
        return array;
    }

    static String date(Instant instant) {
        return DATE.format(instant);
    }

    static Response ok(JsonNode body) {
        return answer(200, body);
    }

    static Response answer(int status, JsonNode body) {
        return Response.json(status, out -> MAPPER.writeValue(out, body));
    }

    static Response ok(Writer writer) {
        return Response.json(200, out -> {
            try (JsonGenerator generator = MAPPER.getFactory().createGenerator(out)) {
                writer.write(generator);
            }
        });
    }

    /** Writes an answer piece by piece. */
    @FunctionalInterface
    interface Writer {
        void write(JsonGenerator generator) throws IOException;
    }
}

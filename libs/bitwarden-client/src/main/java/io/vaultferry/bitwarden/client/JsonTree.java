package io.vaultferry.bitwarden.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * JSON as plain Java: maps in order, lists, strings, numbers, booleans and null. Numbers keep their value exactly.
 *
 * <p>Jackson's exceptions quote what they could not read, so none of them leaves here.
 */
final class JsonTree {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();

    private JsonTree() {}

    /**
     * Reads one value to the end of the stream.
     *
     * @throws ProtocolViolationException when it is no JSON
     * @throws IOException when the stream breaks or ends early
     */
    static Object read(InputStream in) throws IOException {
        try (JsonParser parser = FACTORY.createParser(in)) {
            if (parser.nextToken() == null) {
                throw new ProtocolViolationException("The answer is empty.");
            }
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw notJson();
            }
            return value;
        } catch (JsonEOFException e) {
            throw new IOException("the answer ended early");
        } catch (JsonProcessingException e) {
            throw notJson();
        }
    }

    /** Reads an object whose member is a list of objects, one by one, so that the whole never has to fit into memory. */
    static void forEach(InputStream in, String member, Consumer<Map<String, Object>> consumer) throws IOException {
        try (JsonParser parser = FACTORY.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ProtocolViolationException("The answer is no object.");
            }
            boolean found = false;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                boolean wanted = parser.currentName().equalsIgnoreCase(member);
                if (parser.nextToken() == JsonToken.START_ARRAY && wanted) {
                    found = true;
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        consumer.accept(JsonObject.of(value(parser), "list '" + member + "'")
                                .tree());
                    }
                } else {
                    parser.skipChildren();
                }
            }
            if (!found) {
                throw new ProtocolViolationException("The answer lacks the list '" + member + "'.");
            }
            if (parser.nextToken() != null) {
                throw notJson();
            }
        } catch (JsonEOFException e) {
            throw new IOException("the answer ended early");
        } catch (JsonProcessingException e) {
            throw notJson();
        }
    }

    /** An object with these members, in this order: name, value, name, value ... */
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    static byte[] write(Object tree) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            write(generator, tree);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory does not fail.", e);
        }
        return out.toByteArray();
    }

    private static ProtocolViolationException notJson() {
        return new ProtocolViolationException("The answer is not the JSON that was expected.");
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null -> throw new IOException("the answer ended early");
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> throw notJson();
        };
    }

    private static void write(JsonGenerator generator, Object value) throws IOException {
        switch (value) {
            case null -> generator.writeNull();
            case String text -> generator.writeString(text);
            case Boolean flag -> generator.writeBoolean(flag);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case BigInteger number -> generator.writeNumber(number);
            case BigDecimal number -> generator.writeNumber(number);
            case Double number -> generator.writeNumber(number);
            case Map<?, ?> object -> {
                generator.writeStartObject();
                for (Map.Entry<?, ?> member : object.entrySet()) {
                    generator.writeFieldName((String) member.getKey());
                    write(generator, member.getValue());
                }
                generator.writeEndObject();
            }
            case List<?> list -> {
                generator.writeStartArray();
                for (Object element : list) {
                    write(generator, element);
                }
                generator.writeEndArray();
            }
            default ->
                throw new IllegalArgumentException(
                        "No JSON value: " + value.getClass().getSimpleName());
        }
    }
}

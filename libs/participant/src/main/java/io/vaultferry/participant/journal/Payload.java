package io.vaultferry.participant.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns what will be sent into the bytes that the journal seals, and back. Members keep their order. */
public final class Payload {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> TREE = new TypeReference<>() {};

    private Payload() {}

    /** @throws IllegalStateException when JSON cannot say it, without a word of the content */
    public static byte[] encode(Object content) {
        try {
            return JSON.writeValueAsBytes(content);
        } catch (JsonProcessingException e) {
            // Without its cause: Jackson's messages may quote what they could not write.
            throw new IllegalStateException("a payload is not encodable");
        }
    }

    /** @throws IllegalStateException when the payload is not of that type, without a word of its content */
    public static <T> T decode(byte[] payload, Class<T> type) {
        try {
            return JSON.readValue(payload, type);
        } catch (IOException e) {
            throw new IllegalStateException("a payload of the journal is not readable");
        }
    }

    /** @throws IllegalStateException when the payload is not an object, without a word of its content */
    public static Map<String, Object> decodeTree(byte[] payload) {
        try {
            return JSON.readValue(payload, TREE);
        } catch (IOException e) {
            throw new IllegalStateException("a payload of the journal is not readable");
        }
    }
}

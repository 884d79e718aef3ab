package io.vaultferry.importing.domain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns what will be sent into the bytes that the journal seals, and back. Members keep their order. */
public final class Payloads {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> TREE = new TypeReference<>() {};

    private Payloads() {}

    public static byte[] encode(Map<String, Object> tree) {
        try {
            return JSON.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            // Without its cause: Jackson's messages may quote what they could not write.
            throw new IllegalStateException("a payload is not encodable");
        }
    }

    public static Map<String, Object> decode(byte[] payload) {
        try {
            return JSON.readValue(payload, TREE);
        } catch (IOException e) {
            throw new IllegalStateException("a payload of the journal is not readable");
        }
    }
}

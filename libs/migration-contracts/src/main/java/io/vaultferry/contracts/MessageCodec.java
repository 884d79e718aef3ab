package io.vaultferry.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns messages into the JSON that travels through Kafka and back. Thread-safe.
 *
 * <p>Members that a reader does not know are ignored, so that additions do not break running services; a type id that it
 * does not know is an error, so that nothing is acknowledged without having been understood.
 */
public final class MessageCodec {

    private final ObjectMapper mapper = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    public MessageCodec() {
        for (Class<?> type : messageTypes()) {
            mapper.registerSubtypes(new NamedType(type, typeIdOf(type)));
        }
    }

    /** Encodes a message as UTF-8 JSON. */
    public byte[] encode(Message message) {
        try {
            return mapper.writerFor(Message.class).writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "a message of type " + typeIdOf(message.getClass()) + " is not encodable", e);
        }
    }

    /**
     * Decodes a message.
     *
     * @throws UnreadableMessageException when it is no JSON, of an unknown type or lacks a member
     */
    public Message decode(byte[] json) {
        try {
            return mapper.readValue(json, Message.class);
        } catch (IOException e) {
            throw new UnreadableMessageException(e);
        }
    }

    /** The logical, versioned type id of a message, for example {@code vault-exported.v1}. */
    public static String typeIdOf(Class<?> messageType) {
        return messageType.getAnnotation(JsonTypeName.class).value();
    }

    /** All concrete message types, found through the sealed hierarchy. */
    public static List<Class<?>> messageTypes() {
        List<Class<?>> concrete = new ArrayList<>();
        collect(Message.class, concrete);
        return concrete;
    }

    private static void collect(Class<?> type, List<Class<?>> concrete) {
        if (!type.isSealed()) {
            concrete.add(type);
            return;
        }
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            collect(permitted, concrete);
        }
    }

    /** A record that is not a message of ours. Its text says what is wrong and never repeats the record. */
    public static final class UnreadableMessageException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnreadableMessageException(IOException cause) {
            super("not a readable message: " + cause.getClass().getSimpleName());
        }
    }
}

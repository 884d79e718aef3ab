package io.vaultferry.participant.documents;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.CollectionId;
import io.vaultferry.bitwarden.client.GroupId;
import io.vaultferry.bitwarden.client.Id;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.bitwarden.client.MemberId;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.UserId;
import io.vaultferry.bitwarden.crypto.EncString;
import java.io.IOException;
import java.util.function.Function;

/** How the records of the client and encrypted strings are written as JSON, in documents that only participants read. */
final class VaultJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(ids())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            // Members of records that are null are left out; those of item trees are kept.
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private static final ObjectMapper CANONICAL = MAPPER.copy()
            .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
            .setConfig(MAPPER.getSerializationConfig()
                    .with(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS));

    private VaultJson() {}

    static ObjectMapper mapper() {
        return MAPPER;
    }

    /** The same bytes for the same content, whatever the order of its members. */
    static byte[] canonical(Object content) {
        try {
            return CANONICAL.writeValueAsBytes(content);
        } catch (JsonProcessingException e) {
            // Without its cause: Jackson's messages may quote what they could not write.
            throw new IllegalStateException("an object of the vault is not encodable");
        }
    }

    private static SimpleModule ids() {
        SimpleModule module = new SimpleModule("vaultferry");
        module.addSerializer(Id.class, writing(Id::value));
        module.addDeserializer(AttachmentId.class, reading(AttachmentId::new));
        module.addDeserializer(CollectionId.class, reading(CollectionId::new));
        module.addDeserializer(GroupId.class, reading(GroupId::new));
        module.addDeserializer(ItemId.class, reading(ItemId::new));
        module.addDeserializer(MemberId.class, reading(MemberId::new));
        module.addDeserializer(OrganizationId.class, reading(OrganizationId::new));
        module.addDeserializer(UserId.class, reading(UserId::new));
        module.addSerializer(EncString.class, writing(EncString::text));
        module.addDeserializer(EncString.class, reading(EncString::parse));
        return module;
    }

    private static <T> JsonSerializer<T> writing(Function<T, String> text) {
        return new JsonSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator generator, SerializerProvider provider) throws IOException {
                generator.writeString(text.apply(value));
            }
        };
    }

    private static <T> JsonDeserializer<T> reading(Function<String, T> value) {
        return new JsonDeserializer<>() {
            @Override
            public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
                return value.apply(parser.getValueAsString());
            }
        };
    }
}

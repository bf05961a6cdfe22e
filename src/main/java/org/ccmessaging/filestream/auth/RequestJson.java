package org.ccmessaging.filestream.auth;

import com.fasterxml.jackson.core.FormatSchema;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.DataFormatReaders;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the parser of request bodies (contract sections 2 and 4.2). It is stricter than Jackson's default. */
@Configuration(proxyBeanMethods = false)
class RequestJson {

    private static final ObjectMapper MAPPER = new JsonMapper.Builder(new RequestMapper())
            // The contract ignores unknown extra fields.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // The contract refuses a member name that occurs twice; this mapper also refuses text after the
            // object.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // A number or a boolean is not a string.
            .withCoercionConfig(LogicalType.Textual, config -> config
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    /** Not a default candidate, so that the rest of Spring keeps its own mapper. */
    @Bean(name = "requestMapper", defaultCandidate = false)
    ObjectMapper requestMapper() {
        return MAPPER;
    }

    /**
     * Returns {@code null} for the JSON text {@code null}.
     *
     * @throws InvalidRequestException if the body is not JSON, or a member has another type
     */
    static <T> T parse(String body, Class<T> type) throws JsonProcessingException {
        return MAPPER.readerFor(type).readValue(body);
    }

    /**
     * A parser that reports faults as the client's. Any other parser reads the JSON of a called server, and its faults
     * have the same exceptions of Jackson.
     */
    private static final class RequestMapper extends JsonMapper {

        @Override
        protected ObjectReader _newReader(DeserializationConfig config, JavaType type, Object toUpdate,
                FormatSchema schema, InjectableValues values) {
            return new Reader(super._newReader(config, type, toUpdate, schema, values), config, type, null, toUpdate,
                    schema, values, null);
        }

        private static final class Reader extends ObjectReader {

            Reader(ObjectReader base, DeserializationConfig config, JavaType type, JsonDeserializer<Object> root,
                    Object toUpdate, FormatSchema schema, InjectableValues values, DataFormatReaders formats) {
                super(base, config, type, root, toUpdate, schema, values, formats);
            }

            @Override
            protected ObjectReader _new(ObjectReader base, DeserializationConfig config, JavaType type,
                    JsonDeserializer<Object> root, Object toUpdate, FormatSchema schema, InjectableValues values,
                    DataFormatReaders formats) {
                return new Reader(base, config, type, root, toUpdate, schema, values, formats);
            }

            @Override
            protected Object _bindAndClose(JsonParser parser) throws IOException {
                try {
                    return super._bindAndClose(parser);
                } catch (JacksonException fault) {
                    throw RequestFault.of(fault);
                }
            }
        }
    }
}

package org.ccmessaging.filestream.request;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configures the parser of request bodies as the contract says (sections 2 and 4.2). It is stricter than Jackson's
 * default.
 */
@Configuration(proxyBeanMethods = false)
class RequestJson {

    /** No default candidate, so that the rest of Spring keeps its own mapper. */
    @Bean(name = "requestMapper", defaultCandidate = false)
    ObjectMapper requestMapper() {
        return new JsonMapper.Builder(new RequestMapper())
                // The contract ignores unknown extra fields.
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                // The contract refuses a member name that occurs twice; this mapper also refuses text behind the
                // object.
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                // A number or a boolean is not a string.
                .withCoercionConfig(LogicalType.Textual, config -> config
                        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
    }
}

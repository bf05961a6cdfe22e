package org.ccmessaging.filestream.request;

import com.fasterxml.jackson.core.FormatSchema;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.deser.DataFormatReaders;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * A parser whose faults are the client's. The JSON of a called server, which any other parser reads, is not the
 * client's fault, and Jackson's exceptions are the same for both.
 */
final class RequestMapper extends JsonMapper {

    private static final long serialVersionUID = 1L;

    @Override
    protected ObjectReader _newReader(DeserializationConfig config, JavaType type, Object toUpdate,
            FormatSchema schema, InjectableValues values) {
        return new Reader(super._newReader(config, type, toUpdate, schema, values), config, type, null, toUpdate,
                schema, values, null);
    }

    private static final class Reader extends ObjectReader {

        private static final long serialVersionUID = 1L;

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

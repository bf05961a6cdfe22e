package org.ccmessaging.filestream.response;

import java.io.OutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.dataformat.base64.Base64DataFormat;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.DataFormatFactory;
import org.springframework.stereotype.Component;

/** Lets {@code marshal: base64} use {@link Base64Encoder} (decision 0006). Camel finds the factory by bean name. */
@Component("base64-dataformat-factory")
public class Base64FormatFactory implements DataFormatFactory {

    @Override
    public DataFormat newInstance() {
        return new Base64DataFormat() {
            @Override
            public void marshal(Exchange exchange, Object graph, OutputStream stream) throws Exception {
                if (graph instanceof byte[] file && getLineLength() == 0 && !isUrlSafe()) {
                    // Writes once, so that ByteArrayOutputStream grows only once.
                    stream.write(Base64Encoder.encoded(file));
                } else {
                    super.marshal(exchange, graph, stream);
                }
            }
        };
    }
}

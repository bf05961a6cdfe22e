package org.ccmessaging.filestream.routes.language;

import java.io.InputStream;
import java.io.OutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.DataFormatFactory;
import org.ccmessaging.filestream.toolkit.ExchangeBudget;
import org.springframework.stereotype.Component;

/**
 * Makes {@code json} count what it writes, and the maps and lists that it reads, in the {@link ExchangeBudget}. In the
 * frame, which limits what it parses, an exchange has none yet. Camel finds the factory by its bean name.
 */
@Component("jackson-dataformat-factory")
class CountedJson implements DataFormatFactory {

    @Override
    public DataFormat newInstance() {
        return new JacksonDataFormat() {
            @Override
            public void marshal(Exchange exchange, Object graph, OutputStream stream) throws Exception {
                ExchangeBudget budget = ExchangeBudget.ofAuthors(exchange);
                super.marshal(exchange, graph, budget == null ? stream : budget.counted(stream));
            }

            @Override
            public Object unmarshal(Exchange exchange, Object body) throws Exception {
                ExchangeBudget budget = ExchangeBudget.ofAuthors(exchange);
                boolean known = body instanceof String || body instanceof byte[];
                return super.unmarshal(exchange, budget == null ? body : budget.json(known ? body
                        : exchange.getContext().getTypeConverter().mandatoryConvertTo(
                                InputStream.class, exchange, body)));
            }
        };
    }
}

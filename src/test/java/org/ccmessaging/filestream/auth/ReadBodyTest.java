package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.Variables;
import org.junit.jupiter.api.Test;

class ReadBodyTest {

    private static final CamelContext CAMEL = new DefaultCamelContext();

    private final ReadBody readBody = new ReadBody(ShippedSettings.of("filestream.download",
            DownloadSettings.class, Map.of("filestream.download.max-in-flight-per-session", "1")));

    private static Exchange request(InputStream body) {
        Exchange exchange = new DefaultExchange(CAMEL);
        ClientRequest.keep(exchange, Map.of(), body, null);
        Proved.tenant(exchange, "demo");
        return exchange;
    }

    /** The next request of the customer arrives while this body is incomplete. */
    private final class IncompleteBody extends InputStream {

        private final Exchange next;

        private IncompleteBody(Exchange next) {
            this.next = next;
        }

        @Override
        public int read() {
            readBody.process(next);
            return -1;
        }
    }

    @Test
    void routeThatRewritesTheCustomerHasTheBoundOfTheVerifiedOne() {
        Exchange second = request(InputStream.nullInputStream());
        second.setVariable(Variables.CUSTOMER, new Customer("demo", "web", "somebody else"));
        Exchange first = request(new IncompleteBody(second));
        first.removeVariable(Variables.CUSTOMER);

        assertThatThrownBy(() -> readBody.process(first)).isInstanceOf(ServiceBusyException.class)
                .hasMessageStartingWith("session-bodies");
    }
}

package org.ccmessaging.filestream.auth;

import java.util.Map;
import org.apache.camel.Exchange;

/**
 * Hands the members of a token response to step {@code respond}, for one exchange. They hold a token, so routes cannot
 * read, make or change them (decision 0018).
 */
public final class IssuedMembers {

    private IssuedMembers() {
    }

    static void leave(Exchange exchange, Map<String, String> members) {
        exchange.getMessage().setBody(new Issued(exchange, members));
    }

    /** Returns the members that a token step has left for this exchange; {@code null} if the body is anything else. */
    public static Map<String, String> of(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof Issued issued && issued.exchange == exchange
                ? issued.members : null;
    }

    /** Has no method or text that an expression or a data format could read. */
    private static final class Issued {

        private final Exchange exchange;
        private final Map<String, String> members;

        Issued(Exchange exchange, Map<String, String> members) {
            this.exchange = exchange;
            this.members = members;
        }
    }
}

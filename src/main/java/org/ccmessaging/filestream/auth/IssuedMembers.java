package org.ccmessaging.filestream.auth;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;

/**
 * The members of the response that a token step has left, for one exchange. Nothing else can make them or change them:
 * step {@code respond} makes JSON of no other map, since an edited route could put a file into one (decision 0032).
 */
public final class IssuedMembers extends AbstractMap<String, String> {

    private final Exchange exchange;
    private final Map<String, String> members;

    IssuedMembers(Exchange exchange, Map<String, String> members) {
        this.exchange = exchange;
        this.members = Collections.unmodifiableMap(members);
    }

    /** Whether the body is what a token step has left for this very exchange. */
    public static boolean isOf(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof IssuedMembers issued && issued.exchange == exchange;
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        return members.entrySet();
    }
}

package org.ccmessaging.filestream.admission;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.springframework.stereotype.Component;

/** Returns when a refused client may try again. Clause {@code busy} of {@code result-codes.camel.yaml} sends it. */
@Component("retryAfter")
public class RetryAfter {

    /** Seconds, at least 1; a second unless the failure says otherwise. */
    public long seconds(Exchange exchange) {
        return exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class)
                instanceof ServiceBusyException busy ? busy.retryAfterSeconds() : 1;
    }
}

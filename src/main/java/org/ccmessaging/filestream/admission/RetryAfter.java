package org.ccmessaging.filestream.admission;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.springframework.stereotype.Component;

/** Value of header {@code Retry-After} for clause {@code busy} of {@code result-codes.camel.yaml}. */
@Component("retryAfter")
public class RetryAfter {

    /** Returns the seconds that the failure names; 1 if it names none. */
    public long seconds(Exchange exchange) {
        return exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class)
                instanceof ServiceBusyException busy ? busy.retryAfterSeconds() : 1;
    }
}

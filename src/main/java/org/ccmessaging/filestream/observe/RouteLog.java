package org.ccmessaging.filestream.observe;

import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelLogger;
import org.apache.camel.spi.LogListener;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Marker;
import org.springframework.stereotype.Component;

/**
 * Separates the log lines of routes from those of the service: steps {@code log} and endpoints {@code log:} write to
 * logger {@code filestream} or below, whatever logger they name. A line break in a message does not start another line
 * of the log, and a message has a maximum length. Camel finds this bean by its type.
 */
@Component
class RouteLog implements LogListener {

    private static final String ROUTES = "filestream";

    /** Maximum length of a message: a stack trace with its causes. */
    private static final int LONGEST = 16 * 1024;

    @Override
    public String onLog(Exchange exchange, CamelLogger logger, String message) {
        String name = logger.getLog().getName();
        if (!name.equals(ROUTES) && !name.startsWith(ROUTES + ".")) {
            logger.setLogName(ROUTES + "." + name);
        }
        logger.setMarker((Marker) null);
        return message == null ? null : visible(message);
    }

    private static String visible(String message) {
        String cut = message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...";
        return cut.replace("\t", "    ").lines().map(LogText::visible).collect(Collectors.joining("\n    "));
    }
}

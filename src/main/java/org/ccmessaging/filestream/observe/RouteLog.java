package org.ccmessaging.filestream.observe;

import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.processor.DefaultProcessorFactory;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.CamelLogger;
import org.apache.camel.spi.LogListener;
import org.apache.camel.spi.ProcessorFactory;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Marker;
import org.springframework.stereotype.Component;

/**
 * Separates the log lines of routes from those of the service: steps {@code log} and endpoints {@code log:} write to
 * logger {@code filestream} or below, whatever logger they name. A line break in a message does not start another line
 * of the log, and a message has a maximum length. Camel finds this bean by its type.
 */
@Component
class RouteLog implements LogListener, CamelContextCustomizer {

    private static final String ROUTES = "filestream";

    /** Maximum length of a message: a stack trace with its causes. */
    private static final int LONGEST = 16 * 1024;

    /** Names the logger of a step before Camel builds it, because Camel asks the logger for its level first. */
    @Override
    public void configure(CamelContext camel) {
        camel.getCamelContextExtension().addContextPlugin(ProcessorFactory.class, new DefaultProcessorFactory() {
            @Override
            public Processor createProcessor(Route route, NamedNode step) throws Exception {
                if (step instanceof LogDefinition log) {
                    log.setLogName(named(Objects.requireNonNullElse(log.getLogName(), "${routeId}")));
                }
                return super.createProcessor(route, step);
            }
        });
    }

    @Override
    public String onLog(Exchange exchange, CamelLogger logger, String message) {
        String name = logger.getLog().getName();
        if (!name.equals(named(name))) {
            logger.setLogName(named(name));
        }
        logger.setMarker((Marker) null);
        if (message == null) {
            return null;
        }
        String cut = message.length() <= LONGEST ? message : message.substring(0, LONGEST) + "...";
        return cut.replace("\t", "    ").lines().map(LogText::visible).collect(Collectors.joining("\n    "));
    }

    private static String named(String name) {
        return name.equals(ROUTES) || name.startsWith(ROUTES + ".") ? name : ROUTES + "." + name;
    }
}

package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Creates the consumers of {@code platform-http} endpoints, and finds the one of a request in the generation that
 * serves it. Camel's own mapping knows the routes of one Camel context, so each generation has one of its own. Camel
 * finds this bean by its name.
 */
@Component("platform-http-engine")
final class EntryPoints implements PlatformHttpEngine, HandlerMapping, CamelContextConfiguration, Ordered {

    private final ApplicationContext application;
    private final HttpResponses responses;
    private final RouteTimeout timeout;
    private final Collection<String> requestHeaders;
    private final int port;

    EntryPoints(ApplicationContext application, HttpResponses responses, RouteTimeout timeout, RoutesSettings routes,
            @Value("${server.port}") int port) {
        this.application = application;
        this.responses = responses;
        this.timeout = timeout;
        this.requestHeaders = routes.requestHeaders();
        this.port = port;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        return new HttpConsumer(endpoint, processor, responses, timeout, requestHeaders);
    }

    @Override
    public int getServerPort() {
        return port;
    }

    @Override
    public void beforeApplicationStart(CamelContext generation) {
        CamelRequestHandlerMapping mapping = new CamelRequestHandlerMapping(
                generation.getComponent("platform-http", PlatformHttpComponent.class), this);
        mapping.setApplicationContext(application);
        mapping.afterPropertiesSet();
        generation.getCamelContextExtension().addContextPlugin(CamelRequestHandlerMapping.class, mapping);
    }

    @Override
    public void afterApplicationStart(CamelContext generation) {
        // The mapping knows the paths of the routes by then.
    }

    @Override
    public HandlerExecutionChain getHandler(HttpServletRequest request) throws Exception {
        Generation generation = ApiValve.generation(request);
        return generation == null ? null : generation.camel().getCamelContextExtension()
                .getContextPlugin(CamelRequestHandlerMapping.class).getHandler(request);
    }

    /** Before Camel's own mapping, which has no routes. */
    @Override
    public int getOrder() {
        return -2;
    }
}

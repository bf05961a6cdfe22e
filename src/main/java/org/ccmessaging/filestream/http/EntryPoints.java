package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.ccmessaging.filestream.routes.Generation;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Finds the {@code platform-http} route of a request in the generation that serves it. Camel's own mapping knows the
 * routes of one Camel context, so each generation has one of its own.
 */
@Component
final class EntryPoints implements HandlerMapping, CamelContextConfiguration, Ordered {

    private final ApplicationContext application;
    private final HttpEngine engine;

    EntryPoints(ApplicationContext application, HttpEngine engine) {
        this.application = application;
        this.engine = engine;
    }

    @Override
    public void beforeApplicationStart(CamelContext generation) {
        CamelRequestHandlerMapping mapping = new CamelRequestHandlerMapping(
                generation.getComponent("platform-http", PlatformHttpComponent.class), engine);
        mapping.setApplicationContext(application);
        mapping.afterPropertiesSet();
        generation.getCamelContextExtension().addContextPlugin(CamelRequestHandlerMapping.class, mapping);
    }

    @Override
    public void afterApplicationStart(CamelContext generation) {
        // The routes have told the mapping of their paths by then.
    }

    @Override
    public HandlerExecutionChain getHandler(HttpServletRequest request) throws Exception {
        Generation generation = GenerationValve.generation(request);
        return generation == null ? null : generation.camel().getCamelContextExtension()
                .getContextPlugin(CamelRequestHandlerMapping.class).getHandler(request);
    }

    /** Before Camel's own mapping, which has no routes. */
    @Override
    public int getOrder() {
        return -2;
    }
}

package org.ccmessaging.filestream.routes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.PatternHelper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.ccmessaging.filestream.observe.RouteMeters;
import org.ccmessaging.filestream.toolkit.GenerationNumber;
import org.springframework.context.ApplicationContext;
import org.springframework.stereotype.Component;

/** A {@link GenerationContext} with the routes of the files, started. */
final class CamelGeneration extends Generation {

    /** Endpoints of routes that a request or another route of the generation calls. */
    private static final Pattern CALLED = Pattern.compile("(platform-http|direct|seda):");

    private final GenerationContext camel;
    private final GenerationMBeans mbeans;

    /** @param application has the beans of the service */
    @Component
    record Factory(ApplicationContext application) implements GenerationFactory {

        @Override
        public Generation start(int number, RouteFiles files) {
            CamelGeneration generation = new CamelGeneration(number, GenerationContext.build(application));
            try {
                generation.start(files, application.getBeansOfType(CamelContextConfiguration.class).values());
                return generation;
            } catch (Exception | StackOverflowError | LinkageError failed) {
                generation.close();
                throw RuntimeCamelException.wrapRuntimeCamelException(failed);
            }
        }

        @Override
        public void activated(Generation active) {
            application.getBean(RouteMeters.class).show(active.camel());
        }
    }

    private CamelGeneration(int number, GenerationContext camel) {
        super(number);
        this.camel = camel;
        this.mbeans = GenerationMBeans.of(camel);
    }

    private void start(RouteFiles files, Collection<CamelContextConfiguration> parts) throws Exception {
        ExtendedCamelContext extension = camel.getCamelContextExtension();
        extension.addContextPlugin(GenerationNumber.class, new GenerationNumber(number()));
        extension.addContextPlugin(RouteFiles.class, files);
        parts.forEach(part -> part.beforeApplicationStart(camel));
        List<Resource> resources = new ArrayList<>();
        ShippedRoutes.frame().contents().forEach((file, text) ->
                resources.add(ResourceHelper.fromBytes("classpath:" + file, text)));
        files.ofAuthors().contents().forEach((file, text) ->
                resources.add(ResourceHelper.fromBytes("file:" + file.toAbsolutePath().normalize(), text)));
        PluginHelper.getRoutesLoader(camel).loadRoutes(resources);
        camel.getRouteDefinitions().stream().filter(CamelGeneration::isSource)
                .forEach(route -> route.setAutoStartup("false"));
        camel.start();
        parts.forEach(part -> part.afterApplicationStart(camel));
    }

    private static boolean isSource(RouteDefinition route) {
        return !CALLED.matcher(route.getInput().getEndpointUri()).lookingAt();
    }

    @Override
    public CamelContext camel() {
        return camel;
    }

    @Override
    protected Map<String, Boolean> routes() {
        Map<String, Boolean> routes = new HashMap<>();
        for (RouteDefinition route : camel.isStarted() ? camel.getRouteDefinitions() : List.<RouteDefinition>of()) {
            ServiceStatus status = camel.getRouteController().getRouteStatus(route.getRouteId());
            // A route whose precondition does not hold has no status.
            if (status != null && !isExcluded(route)) {
                routes.put(route.getRouteId(), status.isStarted());
            }
        }
        return routes;
    }

    /** Returns whether {@code camel.main.auto-startup-exclude-pattern} says that nothing starts a route by itself. */
    private boolean isExcluded(RouteDefinition route) {
        String patterns = camel.getAutoStartupExcludePattern();
        return patterns != null && PatternHelper.matchPatterns(route.getInput().getEndpointUri(), patterns.split(","));
    }

    @Override
    protected boolean isSource(String route) {
        return isSource(camel.getRouteDefinition(route));
    }

    @Override
    protected void start(String route) {
        try {
            if (camel.getRouteController().getRouteStatus(route).isStarted()) {
                ServiceHelper.resumeService(camel.getRoute(route).getConsumer());
            } else {
                camel.getRouteController().startRoute(route);
            }
        } catch (Exception failed) {
            // Unlike at the start of the context, Camel's exception does not name the route.
            throw new RuntimeCamelException(new FailedToStartRouteException(route, failed.getMessage(), failed));
        }
    }

    @Override
    protected void stop(String route) {
        // Otherwise Camel waits for an end of the requests in flight while more of them come.
        pause(route);
        try {
            camel.getRouteController().stopRoute(route, 1, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw RuntimeCamelException.wrapRuntimeCamelException(failed);
        }
    }

    @Override
    protected void pause(String route) {
        ServiceHelper.suspendService(camel.getRoute(route).getConsumer());
    }

    @Override
    protected void showAs(String suffix) {
        mbeans.showAs(camel.getName() + suffix);
    }

    @Override
    public boolean isBusy() {
        return super.isBusy() || camel.getInflightRepository().size() > 0;
    }

    @Override
    public void close() {
        camel.close();
    }
}

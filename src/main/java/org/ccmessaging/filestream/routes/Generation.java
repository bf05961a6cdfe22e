package org.ccmessaging.filestream.routes;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.ccmessaging.filestream.toolkit.GenerationNumber;
import org.springframework.context.ApplicationContext;

/**
 * A set of route files that serves requests: a {@link GenerationContext} with the routes of the files, started.
 * Requests {@link #enter} it at the HTTP edge, and one that has entered is served by it to its end (decision 0024).
 */
public final class Generation implements AutoCloseable {

    private final int number;
    private final RouteFiles files;
    private final GenerationContext context;
    private final GenerationMBeans mbeans;
    private final AtomicInteger inFlight = new AtomicInteger();

    private Generation(int number, RouteFiles files, GenerationContext context) {
        this.number = number;
        this.files = files;
        this.context = context;
        this.mbeans = GenerationMBeans.of(context.camel());
    }

    /**
     * Builds and starts a generation. No request reaches it until {@link Serving} has it.
     *
     * @param number counts up from 1
     * @throws RuntimeCamelException if a route cannot be built or started; nothing of it is left then
     */
    public static Generation start(
            int number, RouteFiles files, ApplicationContext application, CamelConfigurationProperties configuration) {
        GenerationContext context = GenerationContext.build(application, configuration);
        Generation generation = new Generation(number, files, context);
        try {
            generation.start(application.getBeansOfType(CamelContextConfiguration.class).values());
            return generation;
        } catch (Exception | StackOverflowError | LinkageError failed) {
            generation.close();
            throw RuntimeCamelException.wrapRuntimeCamelException(failed);
        }
    }

    private void start(Collection<CamelContextConfiguration> parts) throws Exception {
        CamelContext camel = context.camel();
        ExtendedCamelContext extension = camel.getCamelContextExtension();
        extension.addContextPlugin(GenerationNumber.class, new GenerationNumber(number));
        extension.addContextPlugin(RouteFiles.class, files);
        parts.forEach(part -> part.beforeApplicationStart(camel));
        PluginHelper.getRoutesLoader(camel).loadRoutes(resources());
        camel.start();
        parts.forEach(part -> part.afterApplicationStart(camel));
    }

    private List<Resource> resources() {
        return files.contents().entrySet().stream().map(file -> ResourceHelper.fromString(
                "file:" + file.getKey().toAbsolutePath().normalize(),
                new String(file.getValue(), StandardCharsets.UTF_8))).toList();
    }

    /** Its number, from 1. */
    public int number() {
        return number;
    }

    /** The files that it was made of. */
    public RouteFiles files() {
        return files;
    }

    /** Its Camel context. */
    public CamelContext camel() {
        return context.camel();
    }

    /** Counts a request that this generation serves from now on. */
    void enter() {
        inFlight.incrementAndGet();
    }

    /** Ends what {@link Serving#enter} began. */
    public void exit() {
        inFlight.decrementAndGet();
    }

    /** Whether a request, or what its routes have handed on, is still on its way through this generation. */
    public boolean isBusy() {
        return inFlight.get() > 0 || camel().getInflightRepository().size() > 0;
    }

    /** The console shows it under this name from now on. */
    void showAs(String name) {
        mbeans.showAs(name);
    }

    @Override
    public void close() {
        context.close();
    }
}

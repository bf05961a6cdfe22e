package org.ccmessaging.filestream.console;

import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.spi.ModelToXMLDumper;
import org.apache.camel.spi.ModelToYAMLDumper;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * Shows routes in the console as they are in {@code routes/}. When a route starts, Camel copies the clauses of the
 * routeConfiguration ({@code result-codes.camel.yaml}) into it and shows the copies too (decision 0002). Each source
 * and each diagram would start with them.
 *
 * <p>The XML also leaves out a route's {@code errorHandler}. Hawtio makes its diagrams of the XML and fails to draw
 * what stands before {@code from}. The YAML has it.
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
final class RoutesAsWritten implements CamelContextConfiguration {

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        ExtendedCamelContext context = camel.getCamelContextExtension();
        context.addContextPlugin(ModelToXMLDumper.class,
                new Xml(context.getContextPlugin(ModelToXMLDumper.class)));
        context.addContextPlugin(ModelToYAMLDumper.class,
                new Yaml(context.getContextPlugin(ModelToYAMLDumper.class)));
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {
        // The dumpers are in place already.
    }

    private static NamedNode asWritten(NamedNode node, boolean errorHandler) {
        if (node instanceof RouteDefinition route) {
            return asWritten(route, errorHandler);
        }
        if (node instanceof RoutesDefinition routes) {
            RoutesDefinition shown = new RoutesDefinition();
            shown.setRoutes(routes.getRoutes().stream().map(route -> asWritten(route, errorHandler)).toList());
            return shown;
        }
        return node;
    }

    /** Copies the route, because Camel still uses the original. */
    private static RouteDefinition asWritten(RouteDefinition route, boolean errorHandler) {
        RouteDefinition shown = new RouteDefinition();
        shown.setCamelContext(route.getCamelContext());
        shown.setId(route.getId());
        shown.setDescription(route.getDescription());
        shown.setGroup(route.getGroup());
        shown.setRouteConfigurationId(route.getRouteConfigurationId());
        shown.setPrecondition(route.getPrecondition());
        shown.setAutoStartup(route.getAutoStartup());
        shown.setStartupOrder(route.getStartupOrder());
        if (errorHandler) {
            shown.setErrorHandler(route.getErrorHandler());
        }
        shown.setInput(route.getInput());
        shown.setOutputs(route.getOutputs().stream().filter(RoutesAsWritten::isOfTheRoute).toList());
        return shown;
    }

    private static boolean isOfTheRoute(ProcessorDefinition<?> step) {
        return !(step instanceof OnExceptionDefinition clause) || clause.isRouteScoped();
    }

    /** Writes routes as XML, from which Hawtio draws its diagrams. */
    private record Xml(ModelToXMLDumper camel) implements ModelToXMLDumper {

        @Override
        public String dumpModelAsXml(CamelContext context, NamedNode node) throws Exception {
            return camel.dumpModelAsXml(context, asWritten(node, false));
        }

        @Override
        public String dumpModelAsXml(CamelContext context, NamedNode node, boolean resolvePlaceholders,
                boolean generatedIds, boolean sourceLocation) throws Exception {
            return camel.dumpModelAsXml(context, asWritten(node, false), resolvePlaceholders, generatedIds,
                    sourceLocation);
        }

        @Override
        public String dumpBeansAsXml(CamelContext context, List<Object> beans) throws Exception {
            return camel.dumpBeansAsXml(context, beans);
        }

        @Override
        public String dumpDataFormatsAsXml(CamelContext context, Map<String, Object> dataFormats) throws Exception {
            return camel.dumpDataFormatsAsXml(context, dataFormats);
        }
    }

    /** Writes routes as YAML. */
    private record Yaml(ModelToYAMLDumper camel) implements ModelToYAMLDumper {

        @Override
        public String dumpModelAsYaml(CamelContext context, NamedNode node) throws Exception {
            return camel.dumpModelAsYaml(context, asWritten(node, true));
        }

        @Override
        public String dumpModelAsYaml(CamelContext context, NamedNode node, boolean resolvePlaceholders,
                boolean uriAsParameters, boolean generatedIds, boolean sourceLocation) throws Exception {
            return camel.dumpModelAsYaml(context, asWritten(node, true), resolvePlaceholders, uriAsParameters,
                    generatedIds, sourceLocation);
        }

        @Override
        public String dumpBeansAsYaml(CamelContext context, List<Object> beans) throws Exception {
            return camel.dumpBeansAsYaml(context, beans);
        }

        @Override
        public String dumpDataFormatsAsYaml(CamelContext context, Map<String, Object> dataFormats) throws Exception {
            return camel.dumpDataFormatsAsYaml(context, dataFormats);
        }
    }
}

package org.ccmessaging.filestream.console;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.spi.ModelToXMLDumper;
import org.apache.camel.spi.ModelToYAMLDumper;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * Shows routes in the console as they are in {@code routes/}.
 *
 * <ul>
 *   <li>YAML is the text of the file. Camel's own would lack descriptions and the catches of a {@code doTry}.
 *   <li>XML, from which Hawtio draws its diagrams and makes its page of the source, begins with that text
 *       ({@link RouteXml}). It has the catches. It leaves out the clauses of {@code result-codes.camel.yaml}, which
 *       Camel copies into each route when the route starts (decision 0002), and the {@code errorHandler}: Hawtio fails
 *       to draw what stands before {@code from}.
 * </ul>
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
final class RoutesAsWritten implements CamelContextConfiguration {

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        ExtendedCamelContext context = camel.getCamelContextExtension();
        RouteTexts texts = new RouteTexts(context.getContextPlugin(RouteFiles.class));
        context.addContextPlugin(ModelToXMLDumper.class,
                new Xml(context.getContextPlugin(ModelToXMLDumper.class), texts));
        context.addContextPlugin(ModelToYAMLDumper.class,
                new Yaml(context.getContextPlugin(ModelToYAMLDumper.class), texts));
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {
        // The dumpers are in place already.
    }

    private static NamedNode asWritten(NamedNode node) {
        if (node instanceof RouteDefinition route) {
            return asWritten(route);
        }
        if (node instanceof RoutesDefinition routes) {
            RoutesDefinition shown = new RoutesDefinition();
            shown.setRoutes(routes.getRoutes().stream().map(RoutesAsWritten::asWritten).toList());
            return shown;
        }
        return node;
    }

    /** Copies the route, because Camel still uses the original. */
    private static RouteDefinition asWritten(RouteDefinition route) {
        RouteDefinition shown = new RouteDefinition();
        shown.setCamelContext(route.getCamelContext());
        shown.setId(route.getId());
        shown.setDescription(route.getDescription());
        shown.setGroup(route.getGroup());
        shown.setRouteConfigurationId(route.getRouteConfigurationId());
        shown.setPrecondition(route.getPrecondition());
        shown.setAutoStartup(route.getAutoStartup());
        shown.setStartupOrder(route.getStartupOrder());
        shown.setInput(route.getInput());
        shown.setOutputs(copies(route.getOutputs().stream().filter(RoutesAsWritten::isOfTheRoute).toList()));
        return shown;
    }

    private static boolean isOfTheRoute(ProcessorDefinition<?> step) {
        return !(step instanceof OnExceptionDefinition clause) || clause.isRouteScoped();
    }

    @SuppressWarnings("unchecked")
    private static List<ProcessorDefinition<?>> copies(List<ProcessorDefinition<?>> steps) {
        List<ProcessorDefinition<?>> copies = ProcessorDefinitionHelper.deepCopyDefinitions(steps);
        copies.forEach(RoutesAsWritten::addCatches);
        return copies;
    }

    /** Puts the catches where Camel's XML looks for them: among the steps of their {@code doTry}. */
    private static void addCatches(ProcessorDefinition<?> step) {
        if (step instanceof TryDefinition attempt) {
            Stream.concat(Stream.ofNullable(attempt.getCatchClauses()).flatMap(List::stream),
                            Stream.ofNullable(attempt.getFinallyClause()))
                    .filter(clause -> !attempt.getOutputs().contains(clause)).toList()
                    .forEach(attempt.getOutputs()::add);
        }
        step.getOutputs().forEach(RoutesAsWritten::addCatches);
    }

    /** Writes routes as XML. */
    private record Xml(ModelToXMLDumper camel, RouteTexts texts) implements ModelToXMLDumper {

        @Override
        public String dumpModelAsXml(CamelContext context, NamedNode node) throws Exception {
            return RouteXml.of(camel.dumpModelAsXml(context, asWritten(node)), texts);
        }

        @Override
        public String dumpModelAsXml(CamelContext context, NamedNode node, boolean resolvePlaceholders,
                boolean generatedIds, boolean sourceLocation) throws Exception {
            return RouteXml.of(camel.dumpModelAsXml(context, asWritten(node), resolvePlaceholders, generatedIds,
                    sourceLocation), texts);
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
    private record Yaml(ModelToYAMLDumper camel, RouteTexts texts) implements ModelToYAMLDumper {

        @Override
        public String dumpModelAsYaml(CamelContext context, NamedNode node) throws Exception {
            String text = text(node);
            return text == null ? camel.dumpModelAsYaml(context, asWritten(node)) : text;
        }

        @Override
        public String dumpModelAsYaml(CamelContext context, NamedNode node, boolean resolvePlaceholders,
                boolean uriAsParameters, boolean generatedIds, boolean sourceLocation) throws Exception {
            String text = text(node);
            return text == null ? camel.dumpModelAsYaml(context, asWritten(node), resolvePlaceholders,
                    uriAsParameters, generatedIds, sourceLocation) : text;
        }

        /** @return {@code null} if a route among them has no text */
        private String text(NamedNode node) {
            List<String> shown = (node instanceof RoutesDefinition all ? all.getRoutes() : List.of(node)).stream()
                    .map(route -> texts.of(route.getId())).toList();
            return shown.stream().anyMatch(Objects::isNull) ? null : shown.stream().collect(Collectors.joining());
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

package org.ccmessaging.filestream.console;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.ErrorHandlerDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.ModelToXMLDumper;
import org.apache.camel.spi.ModelToYAMLDumper;
import org.apache.camel.xml.LwModelToXMLDumper;
import org.apache.camel.xml.out.ModelWriter;
import org.apache.camel.yaml.LwModelToYAMLDumper;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.ShippedRoutes;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;

/**
 * Shows the source of routes in the console. YAML is the text of the active file. XML is for Hawtio, which draws its
 * diagrams from it and shows it on the page <i>Source</i>, so it begins with the text of the file.
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
final class RoutesAsWritten implements CamelContextCustomizer {

    private static final Pattern ROUTE = Pattern.compile("<route [^>]*?\\bid=\"([^\"]*)\"[^>]*>");

    @Override
    public void configure(CamelContext generation) {
        ExtendedCamelContext context = generation.getCamelContextExtension();
        // The generation gets its files later.
        Supplier<Map<String, String>> texts =
                SingletonSupplier.of(() -> texts(context.getContextPlugin(RouteFiles.class)));
        context.addContextPlugin(ModelToXMLDumper.class, new LwModelToXMLDumper() {
            @Override
            public String dumpModelAsXml(CamelContext of, NamedNode node, boolean resolved, boolean generatedIds,
                    boolean locations) throws IOException {
                StringWriter xml = new StringWriter();
                new DiagramWriter(xml).writeOptionalIdentifiedDefinitionRef((OptionalIdentifiedDefinition<?>) node);
                return ROUTE.matcher(xml.toString()).replaceAll(route -> Matcher.quoteReplacement(route.group()
                        + "<![CDATA[\n" + texts.get().getOrDefault(route.group(1), "") + "]]>"));
            }
        });
        context.addContextPlugin(ModelToYAMLDumper.class, new LwModelToYAMLDumper() {
            @Override
            public String dumpModelAsYaml(CamelContext of, NamedNode node, boolean resolved, boolean uriAsParameters,
                    boolean generatedIds, boolean locations) throws Exception {
                String text = node instanceof RoutesDefinition all ? all.getRoutes().stream()
                        .map(route -> texts.get().get(route.getId())).collect(Collectors.joining())
                        : texts.get().get(node.getId());
                return text != null ? text
                        : super.dumpModelAsYaml(of, node, resolved, uriAsParameters, generatedIds, locations);
            }
        });
    }

    /** Returns the text of each route by its ID, after a line that names its file. */
    private static Map<String, String> texts(RouteFiles files) {
        Map<String, String> texts = new HashMap<>();
        for (RouteFiles part : List.of(ShippedRoutes.frame(), files.ofAuthors())) {
            part.contents().forEach((path, bytes) ->
                    Value.parse(path, bytes, new Findings()).ifPresent(list -> add(list, bytes, texts)));
        }
        return texts;
    }

    private static void add(Value list, byte[] bytes, Map<String, String> texts) {
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
        List<Value> items = list.items();
        for (int i = 0; i < items.size(); i++) {
            int from = items.get(i).place().line() - 1;
            int to = i + 1 < items.size() ? items.get(i + 1).place().line() - 1 : lines.size();
            texts.put(items.get(i).get("route").get("id").text(),
                    "# " + list.place().file() + "\n" + String.join("\n", lines.subList(from, to)) + "\n");
        }
    }

    /** Writes Camel's XML so that Hawtio's diagram shows each step of the file, by its ID. */
    private static final class DiagramWriter extends ModelWriter {

        DiagramWriter(StringWriter xml) throws IOException {
            super(xml, "http://camel.apache.org/schema/spring");
            skipCustomId = false;
        }

        /** Hawtio labels a step with its ID if {@code customId} is set, and shows {@code note} as its tooltip. */
        @Override
        protected void doWriteOptionalIdentifiedDefinitionAttributes(OptionalIdentifiedDefinition<?> step)
                throws IOException {
            doWriteAttribute("id", step.getId());
            doWriteAttribute("customId", step.getId() == null ? null : "true");
            doWriteAttribute("description", step.getDescription());
            doWriteAttribute("note", step.getNote() == null ? step.getDescription() : step.getNote());
        }

        /** Adds the clauses to the steps. Camel writes them only if they are steps, which YAML does not make them. */
        @Override
        protected void doWriteTryDefinition(String name, TryDefinition attempt) throws IOException {
            List<ProcessorDefinition<?>> steps = new ArrayList<>(attempt.getOutputs());
            if (attempt.getCatchClauses() != null) {
                steps.addAll(attempt.getCatchClauses());
            }
            if (attempt.getFinallyClause() != null) {
                steps.add(attempt.getFinallyClause());
            }
            startElement(name);
            doWriteProcessorDefinitionAttributes(attempt);
            doWriteList(null, null, steps.stream().distinct().toList(), this::doWriteProcessorDefinitionRef);
            endElement(name);
        }

        /** Leaves out the clauses of {@code result-codes.camel.yaml}: Camel copies them into each route at startup. */
        @Override
        protected void doWriteOnExceptionDefinition(String name, OnExceptionDefinition clause) {
            // See above.
        }

        /** Hawtio fails to draw what stands before {@code from}. */
        @Override
        protected void doWriteErrorHandlerDefinition(String name, ErrorHandlerDefinition handler) {
            // See above.
        }
    }
}

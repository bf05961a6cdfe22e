package org.ccmessaging.filestream.console;

import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.ErrorHandlerDefinition;
import org.apache.camel.model.MarshalDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.model.UnmarshalDefinition;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.ModelToXMLDumper;
import org.apache.camel.xml.LwModelToXMLDumper;
import org.apache.camel.xml.out.ModelWriter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * Writes routes as XML for the diagrams of Hawtio 5.2. With Camel's own XML, Hawtio cannot draw a route that has
 * a routeConfiguration or an error handler, and labels steps with bean names instead of IDs.
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
final class RouteDiagrams implements CamelContextCustomizer {

    @Override
    public void configure(CamelContext camel) {
        camel.getCamelContextExtension().addContextPlugin(ModelToXMLDumper.class, new LwModelToXMLDumper() {
            @Override
            public String dumpModelAsXml(CamelContext of, NamedNode node, boolean resolved, boolean generatedIds,
                    boolean locations) throws IOException {
                StringWriter xml = new StringWriter();
                new DiagramWriter(xml).writeOptionalIdentifiedDefinitionRef((OptionalIdentifiedDefinition<?>) node);
                return xml.toString();
            }
        });
    }

    private static final class DiagramWriter extends ModelWriter {

        DiagramWriter(StringWriter xml) throws IOException {
            super(xml, "http://camel.apache.org/schema/spring");
            skipCustomId = false;
        }

        /** Hawtio labels a step with its ID if {@code customId} is set, and shows {@code note} as tooltip. */
        @Override
        protected void doWriteOptionalIdentifiedDefinitionAttributes(OptionalIdentifiedDefinition<?> step)
                throws IOException {
            doWriteAttribute("id", step.getId());
            doWriteAttribute("customId", step.getId() == null ? null : "true");
            doWriteAttribute("description", step.getDescription());
            doWriteAttribute("note", step.getNote() == null ? step.getDescription() : step.getNote());
        }

        /** Writes catch and finally clauses as steps, because Camel's writer ignores such clauses of YAML routes. */
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

        /** Writes the step as {@code transform}, because Hawtio's diagram leaves out marshal and unmarshal. */
        @Override
        protected void doWriteMarshalDefinition(String name, MarshalDefinition step) throws IOException {
            writeTransform(step);
        }

        @Override
        protected void doWriteUnmarshalDefinition(String name, UnmarshalDefinition step) throws IOException {
            writeTransform(step);
        }

        private void writeTransform(ProcessorDefinition<?> step) throws IOException {
            startElement("transform");
            doWriteProcessorDefinitionAttributes(step);
            endElement("transform");
        }

        @Override
        protected void doWriteOnExceptionDefinition(String name, OnExceptionDefinition clause) {
            // Leaves out onException clauses. Otherwise each route would show all clauses of result-codes.camel.yaml.
        }

        @Override
        protected void doWriteErrorHandlerDefinition(String name, ErrorHandlerDefinition handler) {
            // Leaves out the error handler, because Hawtio cannot draw a route with an element before "from".
        }
    }
}

package org.ccmessaging.filestream.console;

import java.io.StringReader;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
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
import org.springframework.util.ReflectionUtils;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * Shows routes in the console as they are in {@code routes/}.
 *
 * <ul>
 *   <li>YAML is the text of the file.
 *   <li>XML is Camel's, from which Hawtio draws its diagrams and makes its page of the source. It leaves out the
 *       clauses of {@code result-codes.camel.yaml}, which Camel copies into each route when the route starts (decision
 *       0002), and the {@code errorHandler}: Hawtio fails to draw what stands before {@code from}. It begins with the
 *       text of the file, which the diagram passes over.
 * </ul>
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
final class RoutesAsWritten implements CamelContextConfiguration {

    /** Makes the text of routes, instead of Camel or from what Camel makes. */
    private interface Dump {

        String of(List<RouteDefinition> routes, Camels camels) throws Exception;
    }

    /** What Camel makes of the routes as they are written. */
    private interface Camels {

        String get();
    }

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        ExtendedCamelContext context = camel.getCamelContextExtension();
        RouteTexts texts = new RouteTexts(context.getContextPlugin(RouteFiles.class));
        replace(ModelToXMLDumper.class, context, (routes, camels) -> xml(camels.get(), texts));
        replace(ModelToYAMLDumper.class, context, (routes, camels) -> {
            List<String> shown = routes.stream().map(route -> texts.of(route.getId())).toList();
            return shown.stream().anyMatch(Objects::isNull) ? camels.get() : String.join("", shown);
        });
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {
        // The dumpers are in place already.
    }

    private static <T> void replace(Class<T> type, ExtendedCamelContext context, Dump dump) {
        T camels = context.getContextPlugin(type);
        context.addContextPlugin(type, type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> {
                    List<RouteDefinition> routes = method.getName().startsWith("dumpModel") ? routes(arguments[1])
                            : List.of();
                    if (routes.isEmpty()) {
                        return ReflectionUtils.invokeMethod(method, camels, arguments);
                    }
                    return dump.of(routes, () -> {
                        arguments[1] = asWritten((NamedNode) arguments[1]);
                        return (String) ReflectionUtils.invokeMethod(method, camels, arguments);
                    });
                })));
    }

    private static List<RouteDefinition> routes(Object node) {
        return node instanceof RoutesDefinition all ? all.getRoutes()
                : node instanceof RouteDefinition route ? List.of(route) : List.of();
    }

    private static NamedNode asWritten(NamedNode node) {
        if (node instanceof RouteDefinition route) {
            return asWritten(route);
        }
        RoutesDefinition shown = new RoutesDefinition();
        shown.setRoutes(routes(node).stream().map(RoutesAsWritten::asWritten).collect(Collectors.toList()));
        return shown;
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
        shown.setOutputs(copies(route.getOutputs().stream()
                .filter(step -> !(step instanceof OnExceptionDefinition clause) || clause.isRouteScoped()).toList()));
        return shown;
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

    private static String xml(String camels, RouteTexts texts) throws Exception {
        DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
        parsers.setNamespaceAware(true);
        parsers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        Document document = parsers.newDocumentBuilder().parse(new InputSource(new StringReader(camels)));
        NodeList elements = document.getElementsByTagName("*");
        for (int i = 0; i < elements.getLength(); i++) {
            complete((Element) elements.item(i), texts);
        }
        Transformer writer = TransformerFactory.newInstance().newTransformer();
        writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter xml = new StringWriter();
        writer.transform(new DOMSource(document), new StreamResult(xml));
        return xml.toString();
    }

    /**
     * In the diagram an element that has the attribute {@code customId} is labelled with its ID and not with its bean,
     * and its attribute {@code note} is shown when somebody points at it: there goes the description.
     */
    private static void complete(Element element, RouteTexts texts) {
        String text = element.getLocalName().equals("route") ? texts.of(element.getAttribute("id")) : null;
        if (text != null) {
            element.insertBefore(element.getOwnerDocument().createCDATASection("\n" + text), element.getFirstChild());
        } else if (element.hasAttribute("id")) {
            element.setAttribute("customId", "true");
            if (element.hasAttribute("description") && !element.hasAttribute("note")) {
                element.setAttribute("note", element.getAttribute("description"));
            }
        }
    }
}

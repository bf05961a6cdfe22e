package org.ccmessaging.filestream.console;

import java.io.StringReader;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.spi.ModelToXMLDumper;
import org.apache.camel.spi.ModelToYAMLDumper;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteFile;
import org.ccmessaging.filestream.routes.check.Value;
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
 *   <li>YAML is the text of the file that serves: an edit that does not serve is not shown.
 *   <li>XML is Camel's, from which Hawtio draws its diagrams and makes its page of the source. It leaves out the
 *       clauses of {@code result-codes.camel.yaml}, which Camel copies into each route when the route starts (decision
 *       0002), and the {@code errorHandler}: Hawtio fails to draw what stands before {@code from}. It begins with the
 *       text of the file, which the diagram passes over.
 * </ul>
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
final class RoutesAsWritten implements CamelContextConfiguration {

    /** Makes the text of routes, from what Camel makes of a node. */
    private interface Dump {

        String of(NamedNode node, Function<NamedNode, String> camel) throws Exception;
    }

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        ExtendedCamelContext context = camel.getCamelContextExtension();
        Map<String, String> texts = texts(context.getContextPlugin(RouteFiles.class));
        replace(ModelToXMLDumper.class, context, (node, camels) -> xml(node, camels, texts));
        replace(ModelToYAMLDumper.class, context, (node, camels) ->
                routes(node).allMatch(route -> texts.containsKey(route.getId()))
                        ? routes(node).map(route -> texts.get(route.getId())).collect(Collectors.joining())
                        : camels.apply(node));
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {
        // The dumpers are in place already.
    }

    /** Returns the text of each route by its ID, after a line that names its file. */
    private static Map<String, String> texts(RouteFiles files) {
        Map<String, String> texts = new HashMap<>();
        files.contents().forEach((path, bytes) -> RouteFile.parse(path, bytes, new Findings()).ifPresent(file -> {
            List<String> lines = file.text().lines().toList();
            List<Value> items = file.yaml().items();
            for (int i = 0; i < items.size(); i++) {
                int from = items.get(i).place().line() - 1;
                int to = i + 1 < items.size() ? items.get(i + 1).place().line() - 1 : lines.size();
                texts.put(items.get(i).get("route").get("id").text(),
                        "# " + file.path() + "\n" + String.join("\n", lines.subList(from, to)) + "\n");
            }
        }));
        return texts;
    }

    private static <T> void replace(Class<T> type, ExtendedCamelContext context, Dump dump) {
        T camels = context.getContextPlugin(type);
        context.addContextPlugin(type, type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> {
                    if (!method.getName().startsWith("dumpModel") || routes(arguments[1]).findAny().isEmpty()) {
                        return ReflectionUtils.invokeMethod(method, camels, arguments);
                    }
                    return dump.of((NamedNode) arguments[1], node -> {
                        Object[] changed = arguments.clone();
                        changed[1] = node;
                        return (String) ReflectionUtils.invokeMethod(method, camels, changed);
                    });
                })));
    }

    private static Stream<RouteDefinition> routes(Object node) {
        return node instanceof RoutesDefinition all ? all.getRoutes().stream()
                : node instanceof RouteDefinition route ? Stream.of(route) : Stream.of();
    }

    private static String xml(NamedNode node, Function<NamedNode, String> camel, Map<String, String> texts)
            throws Exception {
        Document document = parse(camel.apply(node));
        Stream.of("onException", "errorHandler").flatMap(name -> elements(document, name))
                .forEach(element -> element.getParentNode().removeChild(element));
        for (TryDefinition attempt : routes(node).flatMap(route -> ProcessorDefinitionHelper
                .filterTypeInOutputs(route.getOutputs(), TryDefinition.class).stream()).toList()) {
            // Camel's XML has the catches only if they are steps of their doTry, and YAML does not make them steps.
            for (ProcessorDefinition<?> clause : clauses(attempt)) {
                Element shown = parse(camel.apply(clause)).getDocumentElement();
                elements(document, "doTry").filter(element -> element.getAttribute("id").equals(attempt.getId()))
                        .forEach(element -> element.appendChild(document.importNode(shown, true)));
            }
        }
        elements(document, "*").forEach(element -> complete(element, texts));
        Transformer writer = TransformerFactory.newInstance().newTransformer();
        writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter xml = new StringWriter();
        writer.transform(new DOMSource(document), new StreamResult(xml));
        return xml.toString();
    }

    private static List<ProcessorDefinition<?>> clauses(TryDefinition attempt) {
        return Stream.<ProcessorDefinition<?>>concat(
                        Stream.ofNullable(attempt.getCatchClauses()).flatMap(List::stream),
                        Stream.ofNullable(attempt.getFinallyClause()))
                .filter(clause -> !attempt.getOutputs().contains(clause)).toList();
    }

    private static Document parse(String xml) throws Exception {
        DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
        parsers.setNamespaceAware(true);
        parsers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        return parsers.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static Stream<Element> elements(Document document, String name) {
        NodeList found = document.getElementsByTagNameNS("*", name);
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList().stream();
    }

    /**
     * In the diagram an element that has the attribute {@code customId} is labelled with its ID and not with its bean,
     * and its attribute {@code note} is shown when somebody points at it: there goes the description.
     */
    private static void complete(Element element, Map<String, String> texts) {
        String text = element.getLocalName().equals("route") ? texts.get(element.getAttribute("id")) : null;
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

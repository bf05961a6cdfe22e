package org.ccmessaging.filestream.console;

import java.io.StringReader;
import java.io.StringWriter;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * Adds to Camel's XML of routes what Hawtio shows of it. Its page of the source shows the XML and nothing else, so each
 * route begins with the text of its file, as CDATA, which the diagram passes over. In the diagram an element that has
 * the attribute {@code customId} is labelled with its ID and not with its bean, and its attribute {@code note} is shown
 * when somebody points at it: there goes the description.
 */
final class RouteXml {

    private RouteXml() {
    }

    static String of(String camels, RouteTexts texts) throws Exception {
        DocumentBuilderFactory parsers = DocumentBuilderFactory.newInstance();
        parsers.setNamespaceAware(true);
        parsers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        Document document = parsers.newDocumentBuilder().parse(new InputSource(new StringReader(camels)));
        NodeList elements = document.getElementsByTagName("*");
        for (int i = 0; i < elements.getLength(); i++) {
            add((Element) elements.item(i), texts);
        }
        TransformerFactory writers = TransformerFactory.newInstance();
        writers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        Transformer writer = writers.newTransformer();
        writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
        StringWriter xml = new StringWriter();
        writer.transform(new DOMSource(document), new StreamResult(xml));
        return xml.toString();
    }

    private static void add(Element element, RouteTexts texts) {
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

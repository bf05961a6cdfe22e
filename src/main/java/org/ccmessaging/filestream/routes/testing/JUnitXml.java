package org.ccmessaging.filestream.routes.testing;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes results in the form that CI servers read from JUnit: a suite for each test file. */
public final class JUnitXml {

    private static final double NANOS = 1e9;

    private JUnitXml() {
    }

    /** @throws IOException if the file cannot be written */
    public static void write(List<Result> results, Path file) throws IOException {
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        try (Writer out = Files.newBufferedWriter(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuites");
            Map<String, List<Result>> byFile = results.stream().collect(Collectors.groupingBy(
                    result -> result.test().place().file().toString(), LinkedHashMap::new, Collectors.toList()));
            for (Map.Entry<String, List<Result>> suite : byFile.entrySet()) {
                suite(suite.getKey(), suite.getValue(), xml);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException failure) {
            throw new IOException(failure);
        }
    }

    private static void suite(String name, List<Result> results, XMLStreamWriter xml) throws XMLStreamException {
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", name);
        xml.writeAttribute("tests", Integer.toString(results.size()));
        xml.writeAttribute("failures",
                Long.toString(results.stream().filter(result -> !result.passed()).count()));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", Long.toString(results.stream().filter(Result::skipped).count()));
        xml.writeAttribute("time", seconds(results.stream().mapToLong(Result::nanos).sum()));
        for (Result result : results) {
            xml.writeStartElement("testcase");
            xml.writeAttribute("classname", name);
            xml.writeAttribute("name", clean(result.test().name()));
            xml.writeAttribute("time", seconds(result.nanos()));
            if (result.skipped()) {
                xml.writeEmptyElement("skipped");
                xml.writeAttribute("message",
                        clean("it names steps of " + Result.whyLeftOut(result.leftOut())));
            } else if (!result.passed()) {
                Mismatch first = result.mismatches().get(0);
                xml.writeStartElement("failure");
                xml.writeAttribute("message", clean(first.place() + " " + first.what()));
                xml.writeCharacters(clean(String.join("\n", result.lines())));
                xml.writeEndElement();
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / NANOS);
    }

    /** XML has no place for control characters. */
    private static String clean(String text) {
        return text.replaceAll("[\\p{Cc}&&[^\\n]]", "?");
    }
}

package org.ccmessaging.filestream.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.ccmessaging.filestream.routes.check.Finding;
import org.ccmessaging.filestream.routes.check.Level;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RuleTexts;

/** How {@code routes check} prints its findings. */
enum Format {

    /** For people. */
    TEXT {
        @Override
        void print(Report report, PrintWriter out) {
            report.lines().forEach(out::println);
        }
    },

    /** For programs. */
    JSON {
        @Override
        void print(Report report, PrintWriter out) {
            ObjectNode json = NODES.objectNode().put("files", report.files())
                    .put("errors", report.findings(Level.ERROR).size())
                    .put("warnings", report.findings(Level.WARNING).size());
            ArrayNode findings = json.putArray("findings");
            for (Finding finding : report.findings()) {
                findings.addObject().put("file", finding.place().file().toString())
                        .put("line", finding.place().line()).put("column", finding.place().column())
                        .put("level", level(finding)).put("code", finding.code())
                        .put("message", finding.message()).put("hint", finding.hint());
            }
            out.println(pretty(json));
        }
    },

    /** For code review tools: SARIF 2.1.0. */
    SARIF {
        @Override
        void print(Report report, PrintWriter out) {
            ObjectNode json = NODES.objectNode()
                    .put("$schema", "https://json.schemastore.org/sarif-2.1.0.json").put("version", "2.1.0");
            ObjectNode run = json.putArray("runs").addObject();
            ObjectNode driver = run.putObject("tool").putObject("driver")
                    .put("name", "ccmessaging-filestream routes check");
            rules(report, driver.putArray("rules"));
            ArrayNode results = run.putArray("results");
            report.findings().forEach(finding -> result(finding, results.addObject()));
            out.println(pretty(json));
        }

        private void rules(Report report, ArrayNode rules) {
            Map<String, RuleTexts> texts = RuleTexts.all();
            TreeSet<String> codes = new TreeSet<>();
            report.findings().forEach(finding -> codes.add(finding.code()));
            for (String code : codes) {
                ObjectNode rule = rules.addObject().put("id", code);
                if (texts.containsKey(code)) {
                    rule.putObject("shortDescription").put("text", texts.get(code).title());
                    rule.putObject("fullDescription").put("text", texts.get(code).why());
                }
            }
        }

        private void result(Finding finding, ObjectNode result) {
            result.put("ruleId", finding.code()).put("level", level(finding));
            result.putObject("message").put("text",
                    finding.message() + (finding.hint() == null ? "" : ". " + finding.hint()));
            ObjectNode place = result.putArray("locations").addObject().putObject("physicalLocation");
            place.putObject("artifactLocation").put("uri", finding.place().file().toString().replace('\\', '/'));
            if (finding.place().line() > 0) {
                ObjectNode region = place.putObject("region").put("startLine", finding.place().line());
                if (finding.place().column() > 0) {
                    region.put("startColumn", finding.place().column());
                }
            }
        }
    };

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    abstract void print(Report report, PrintWriter out);

    private static String level(Finding finding) {
        return finding.level().name().toLowerCase(Locale.ROOT);
    }

    private static String pretty(ObjectNode json) {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}

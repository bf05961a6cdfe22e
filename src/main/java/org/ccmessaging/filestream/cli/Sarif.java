package org.ccmessaging.filestream.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ccmessaging.filestream.routes.check.Finding;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RuleTexts;
import org.springframework.web.util.UriUtils;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes the findings of {@code routes check} as SARIF 2.1.0, which code review tools and scripts read. */
final class Sarif {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private Sarif() {
    }

    static String of(Report report) {
        Map<String, RuleTexts> rules = RuleTexts.all();
        Map<String, Object> driver = Map.of("name", "ccmessaging-filestream routes check", "rules",
                report.findings().stream().map(Finding::code).distinct().sorted()
                        .map(code -> rule(code, rules.get(code))).toList());
        Map<String, Object> run = Map.of("tool", Map.of("driver", driver), "results",
                report.findings().stream().map(Sarif::result).toList());
        return JSON.writeValueAsString(Map.of("$schema", "https://json.schemastore.org/sarif-2.1.0.json",
                "version", "2.1.0", "runs", List.of(run)));
    }

    private static Map<String, Object> rule(String code, RuleTexts rule) {
        return Map.of("id", code, "shortDescription", Map.of("text", rule.title()),
                "fullDescription", Map.of("text", rule.why()));
    }

    private static Map<String, Object> result(Finding finding) {
        Place place = finding.place();
        Map<String, Object> file = Map.of("uri",
                UriUtils.encodePath(place.file().toString().replace('\\', '/'), StandardCharsets.UTF_8));
        Map<String, Object> location = place.line() == 0 ? Map.of("artifactLocation", file)
                : Map.of("artifactLocation", file, "region", place.column() == 0 ? Map.of("startLine", place.line())
                : Map.of("startLine", place.line(), "startColumn", place.column()));
        return Map.of("ruleId", finding.code(), "level", finding.level().name().toLowerCase(Locale.ROOT),
                "message", Map.of("text", finding.message() + (finding.hint() == null ? "" : ". " + finding.hint())),
                "locations", List.of(Map.of("physicalLocation", location)));
    }
}

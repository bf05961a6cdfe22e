package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The text of {@code routes explain} for a rule, from the resource {@code route-check/rules.yaml}.
 *
 * @param code the rule's code, such as {@code R101}
 * @param title the rule in one line
 * @param why what goes wrong without it
 * @param before a faulty piece of a route file
 * @param after the same piece as it should be
 */
public record RuleTexts(String code, String title, String why, String before, String after) {

    /** Not below {@code routes/}: Spring would take that for the folder of setting filestream.routes.directory. */
    private static final String RESOURCE = "/route-check/rules.yaml";

    /** The texts of all rules by code, in the order of the codes. */
    @SuppressWarnings("unchecked")
    public static Map<String, RuleTexts> all() {
        try (InputStream yaml = RuleTexts.class.getResourceAsStream(RESOURCE)) {
            Map<String, RuleTexts> texts = new LinkedHashMap<>();
            ((Map<String, Map<String, String>>) new Load(LoadSettings.builder().build()).loadFromInputStream(yaml))
                    .forEach((code, rule) -> texts.put(code, new RuleTexts(code, rule.get("title").strip(),
                            rule.get("why").strip(), rule.get("before").strip(), rule.get("after").strip())));
            return texts;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", unreadable);
        }
    }
}

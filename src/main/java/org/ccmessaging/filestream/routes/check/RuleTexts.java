package org.ccmessaging.filestream.routes.check;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The text of {@code routes explain} for a rule, from the resource {@code route-check/rules.yaml}.
 *
 * @param title the rule in one line
 * @param why what goes wrong without it
 * @param before a faulty piece of a route file
 * @param after the same piece as it should be
 */
public record RuleTexts(String title, String why, String before, String after) {

    /** Not below {@code routes/}: Spring would take that for the folder of setting filestream.routes.directory. */
    private static final String RESOURCE = "/route-check/rules.yaml";

    /** The texts of all rules by code, in the order of the codes. */
    public static Map<String, RuleTexts> all() {
        try {
            return new YAMLMapper().readValue(RuleTexts.class.getResourceAsStream(RESOURCE), new TypeReference<>() { });
        } catch (IOException unreadable) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", unreadable);
        }
    }
}

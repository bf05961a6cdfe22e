package org.ccmessaging.filestream.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Settings that the product no longer has. A start names what replaces them, and ignores them. */
public final class FormerSettings {

    private static final Map<String, String> REPLACED_BY = Map.of(
            "filestream.routes.tests-before-swap", "`routes test` in a pipeline, and `routes reload`, which runs it",
            "filestream.routes.tests-timeout", "the time limit of the pipeline that runs `routes test`",
            "filestream.routes.rehearsal-policy", "the exit status of `routes rehearse`");

    private FormerSettings() {
    }

    /** Returns what replaces a setting, by its key or its variable in any spelling; empty if it is not a former one. */
    public static Optional<String> replacement(String name) {
        return REPLACED_BY.entrySet().stream().filter(former -> letters(former.getKey()).equals(letters(name)))
                .map(Map.Entry::getValue).findFirst();
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }
}

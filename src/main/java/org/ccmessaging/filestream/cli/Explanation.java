package org.ccmessaging.filestream.cli;

import java.io.PrintWriter;
import org.ccmessaging.filestream.routes.check.RuleTexts;

/** Prints a rule for {@code routes explain}. */
final class Explanation {

    private Explanation() {
    }

    static void print(RuleTexts rule, PrintWriter out) {
        out.println(rule.code() + "  " + rule.title());
        out.println();
        out.println(rule.why());
        example("before:", rule.before(), out);
        example("after:", rule.after(), out);
    }

    private static void example(String title, String yaml, PrintWriter out) {
        if (!yaml.isEmpty()) {
            out.println();
            out.println(title);
            yaml.lines().forEach(line -> out.println("    " + line));
        }
    }
}

package org.ccmessaging.filestream.routes.check.rules;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;

/** The texts of steps that Camel evaluates. */
final class Texts {

    /** Fields whose texts are for people, or that hold steps, which are visited by themselves. */
    private static final Set<String> LEFT_OUT = Set.of("id", "description", "note", "steps", "when", "otherwise",
            "doCatch", "doFinally", "onFallback", "onException");

    private static final Pattern BODY = Pattern.compile("\\$(simple)?\\{\\s*body");

    private Texts() {
    }

    /** The texts of a step's own fields, at any depth, but not those of the steps in it. */
    static Stream<Value> of(Step step) {
        return step.fields().values().stream().filter(member -> !LEFT_OUT.contains(member.name()))
                .flatMap(member -> below(member.value()));
    }

    private static Stream<Value> below(Value value) {
        return value.isScalar() ? Stream.of(value) : Stream.concat(value.items().stream(),
                value.members().values().stream().filter(member -> !LEFT_OUT.contains(member.name()))
                        .map(Value.Member::value)).flatMap(Texts::below);
    }

    /** Returns whether Simple evaluates something in the text. */
    static boolean evaluates(String text) {
        return text.contains("${") || text.contains("$simple{");
    }

    /** Returns whether a function of Simple in the text reads the body. */
    static boolean readsBody(String text) {
        return BODY.matcher(text).find();
    }
}

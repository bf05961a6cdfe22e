package org.ccmessaging.filestream.routes.check.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.check.Value.Member;

/** The texts in the fields of steps, and what Simple evaluates in them. */
final class Texts {

    /** Fields whose texts are for people, or that hold steps, which are visited by themselves. */
    private static final Set<String> LEFT_OUT = Set.of("id", "description", "note", "steps", "from", "when",
            "otherwise", "doCatch", "doFinally", "onFallback", "onException", "onCompletion", "intercept",
            "interceptFrom", "interceptSendToEndpoint");

    /** <code>${function}</code> and <code>$simple{function}</code>, the innermost ones. */
    private static final Pattern FUNCTION = Pattern.compile("\\$(?:simple)?\\{([^{}]*)}");

    private Texts() {
    }

    /** The texts of a step's own fields, at any depth, but not those of the steps in it. */
    static List<Value> of(Step step) {
        List<Value> texts = new ArrayList<>();
        step.fields().values().stream().filter(member -> !LEFT_OUT.contains(member.name()))
                .forEach(member -> collect(member.value(), texts));
        return texts;
    }

    /** The texts of a step's own fields in which Camel evaluates what Simple reads. */
    static List<Value> evaluated(Step step) {
        List<Value> texts = new ArrayList<>(of(step));
        step.fields().values().forEach(member -> texts.removeAll(constants(member)));
        return texts;
    }

    private static List<Value> constants(Member member) {
        if (member.name().equals("constant")) {
            return below(member.value());
        }
        Stream<Member> items = member.value().items().stream().map(item -> new Member("", member.place(), item));
        return Stream.concat(items, member.value().members().values().stream())
                .flatMap(inner -> constants(inner).stream()).toList();
    }

    /** The texts of a route's fields and of what it receives from. */
    static List<Value> of(Route route) {
        List<Value> texts = new ArrayList<>();
        collect(route.fields(), texts);
        collect(route.from(), texts);
        return texts;
    }

    /** All texts of a set that mean something to Camel. */
    static Stream<Value> all(RouteSet set) {
        return Stream.concat(set.routes().stream().flatMap(route -> of(route).stream()),
                Stream.concat(set.allSteps().flatMap(step -> of(step).stream()),
                        set.configurations().stream().flatMap(one -> below(one.fields()).stream())));
    }

    /** The texts in a value, at any depth, but not those of the steps in it. */
    static List<Value> below(Value value) {
        List<Value> texts = new ArrayList<>();
        collect(value, texts);
        return texts;
    }

    private static void collect(Value value, List<Value> texts) {
        if (value.isScalar()) {
            texts.add(value);
        }
        value.items().forEach(item -> collect(item, texts));
        value.members().values().stream().filter(member -> !LEFT_OUT.contains(member.name()))
                .forEach(member -> collect(member.value(), texts));
    }

    /** Whether Simple evaluates something in the text. */
    static boolean evaluates(String text) {
        return text.contains("${") || text.contains("$simple{");
    }

    /** The functions of Simple in a text, such as {@code variable.request.fileId}. */
    static List<String> functions(String text) {
        List<String> functions = new ArrayList<>();
        Matcher found = FUNCTION.matcher(text);
        while (found.find()) {
            functions.add(found.group(1).strip());
        }
        return functions;
    }

    /** Whether one of the functions reads the body. */
    static boolean readsBody(String text) {
        return functions(text).stream().anyMatch(function -> function.matches(
                "(in\\.)?body\\b.*|(pretty|messageAs|bodyAs|bodyAsIndex|mandatoryBodyAs|mandatoryBodyAsIndex)\\b.*"
                        + "|prettyBody.*|originalBody|message(\\.body.*)?|bodyOneLine|exchange\\.(in|message).*"));
    }
}

package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ccmessaging.filestream.routes.check.Value.Member;

/** Makes routes and steps of YAML, in whichever of the spellings that Camel's YAML DSL accepts. */
final class RouteReader {

    /** The field that a text alone stands for: {@code to: direct:x} is {@code to: {uri: direct:x}}. */
    private static final Map<String, String> SHORT_FOR = Map.ofEntries(
            Map.entry("bean", "ref"), Map.entry("convertBodyTo", "type"), Map.entry("interceptFrom", "uri"),
            Map.entry("interceptSendToEndpoint", "uri"), Map.entry("kamelet", "name"), Map.entry("log", "message"),
            Map.entry("poll", "uri"), Map.entry("removeHeader", "name"), Map.entry("removeHeaders", "pattern"),
            Map.entry("removeProperties", "pattern"), Map.entry("removeProperty", "name"),
            Map.entry("removeVariable", "name"), Map.entry("rollback", "message"), Map.entry("sample", "samplePeriod"),
            Map.entry("serviceCall", "name"), Map.entry("setExchangePattern", "pattern"), Map.entry("to", "uri"),
            Map.entry("toD", "uri"));

    /** A step of these that has no steps of its own takes those that follow it (Camel's YAML DSL: flow mode). */
    private static final Set<String> TAKES_WHAT_FOLLOWS = Set.of("aggregate", "circuitBreaker", "doCatch", "doFinally",
            "doTry", "filter", "idempotentConsumer", "kamelet", "loadBalance", "loop", "multicast", "pipeline",
            "policy", "resequence", "saga", "split", "step", "transacted");

    private static final List<String> BRANCHES = List.of("when", "otherwise", "doCatch", "doFinally", "onFallback");

    private static final List<String> CLAUSES = List.of("onException", "onCompletion", "intercept", "interceptFrom",
            "interceptSendToEndpoint");

    private final List<Route> routes = new ArrayList<>();
    private final List<Configuration> configurations = new ArrayList<>();
    private final List<Element> others = new ArrayList<>();

    void read(RouteFile file) {
        for (Value item : file.yaml().items()) {
            item.members().values().forEach(member -> element(file, member));
        }
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    List<Configuration> configurations() {
        return List.copyOf(configurations);
    }

    List<Element> others() {
        return List.copyOf(others);
    }

    private void element(RouteFile file, Member written) {
        Member member = inCamelCase(written);
        Value value = member.value();
        switch (member.name()) {
            case "route" -> {
                Value from = value.get("from");
                routes.add(new Route(file, member.place(), value, from, steps(from.get("steps"), null)));
            }
            case "from" -> routes.add(new Route(file, member.place(), Value.missing(member.place()), value,
                    steps(value.get("steps"), null)));
            case "routeConfiguration" -> configurations.add(
                    new Configuration(file, member.place(), value, clauses(value)));
            default -> others.add(new Element(file, step(member, null)));
        }
    }

    private static List<Step> clauses(Value configuration) {
        List<Step> clauses = new ArrayList<>();
        for (String kind : CLAUSES) {
            for (Value item : configuration.get(kind).items()) {
                item.members().values().forEach(member -> clauses.add(step(member, null)));
            }
        }
        return List.copyOf(clauses);
    }

    /** The steps of a list, without those that one of them takes into itself. */
    private static List<Step> steps(Value list, Step parent) {
        List<Step> direct = new ArrayList<>();
        Step taker = null;
        for (Value item : list.items()) {
            for (Member member : item.members().values()) {
                Step step = step(member, taker == null ? parent : taker);
                if (taker == null) {
                    direct.add(step);
                } else {
                    place(step, taker);
                }
                if (TAKES_WHAT_FOLLOWS.contains(step.name()) && step.children().isEmpty()) {
                    taker = step;
                }
            }
        }
        return direct;
    }

    private static void place(Step step, Step parent) {
        if (BRANCHES.contains(step.name())) {
            parent.addBranch(step);
        } else {
            parent.addChild(step);
        }
    }

    private static Step step(Member written, Step parent) {
        Member member = inCamelCase(written);
        Value fields = fields(member);
        Step step = new Step(member, fields, parent);
        steps(fields.get("steps"), step).forEach(child -> place(child, step));
        for (String branch : BRANCHES) {
            Member field = fields.members().get(branch);
            if (field != null && field.value().kind() == Value.Kind.LIST) {
                field.value().items().forEach(item ->
                        step.addBranch(step(new Member(branch, item.place(), item), step)));
            } else if (field != null) {
                step.addBranch(step(field, step));
            }
        }
        return step;
    }

    /** Camel still accepts {@code set-body} for {@code setBody}, and so for all names of steps. */
    private static Member inCamelCase(Member written) {
        return new Member(Names.inCamelCase(written.name()), written.place(), written.value());
    }

    private static Value fields(Member member) {
        Value value = member.value();
        String field = SHORT_FOR.get(member.name());
        return value.isScalar() && field != null
                ? Value.map(value.place(), List.of(new Member(field, value.place(), value))) : value;
    }
}

package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.List;
import org.ccmessaging.filestream.routes.check.Value.Member;
import org.ccmessaging.filestream.routes.language.RouteLanguage;

/** Makes routes, configurations and steps of YAML in the form of the language; it passes over anything else. */
final class RouteReader {

    private final List<Route> routes = new ArrayList<>();
    private final List<Configuration> configurations = new ArrayList<>();

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

    private void element(RouteFile file, Member member) {
        Value value = member.value();
        if (member.name().equals("route")) {
            Value from = value.get("from");
            routes.add(new Route(file, member.place(), value, from, steps(from.get("steps"), null)));
        } else if (member.name().equals("routeConfiguration")) {
            configurations.add(new Configuration(file, member.place(), value,
                    steps(value.get(Configuration.CLAUSE), null)));
        }
    }

    private static List<Step> steps(Value list, Step parent) {
        return list.items().stream().flatMap(item -> item.members().values().stream())
                .map(member -> step(member, parent)).toList();
    }

    private static Step step(Member member, Step parent) {
        Step step = new Step(member, parent);
        for (Step child : steps(member.value().get("steps"), step)) {
            if (RouteLanguage.BRANCHES.contains(child.name())) {
                step.addBranch(child);
            } else {
                step.addChild(child);
            }
        }
        for (String branch : RouteLanguage.BRANCHES) {
            Member field = member.value().members().get(branch);
            if (field != null && field.value().kind() == Value.Kind.LIST) {
                field.value().items().forEach(item ->
                        step.addBranch(step(new Member(branch, item.place(), item), step)));
            } else if (field != null) {
                step.addBranch(step(field, step));
            }
        }
        return step;
    }
}

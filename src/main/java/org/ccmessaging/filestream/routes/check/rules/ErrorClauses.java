package org.ccmessaging.filestream.routes.check.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;

/** A clause ends what it handles, and applies. */
final class ErrorClauses implements Rule {

    /** What HttpHeaders lets out, and headers of Camel, which never leave. */
    private static final Set<String> LEAVE =
            Set.of("resultcode", "resultdesc", "ccmessaging-token", "allow", "retry-after", "content-type");

    @Override
    public void check(RouteSet set, Findings findings) {
        Journeys.clauses(set).forEach(clause -> {
            handles(clause, findings);
            if (clause.withAllBelow().noneMatch(step -> step.endpoint().isPresent())) {
                clause.withAllBelow().forEach(step -> headers(step, findings));
            }
        });
        set.configurations().forEach(configuration -> hidden(configuration.clauses("onException"), findings));
        set.files().forEach(file -> hidden(set.others().stream().filter(element -> element.file().equals(file))
                .filter(element -> element.name().equals("onException")).map(element -> element.step()).toList(),
                findings));
    }

    private static void handles(Step clause, Findings findings) {
        if (clause.field("continued").isPresent()) {
            if (!is(clause, "continued", "false")) {
                findings.error("R105", clause.placeOf("continued"), clause.label() + " lets the route go on after a"
                        + " failure, as if the failed step had done its work",
                        "replace continued by handled, and end with respond");
            }
            return;
        }
        if (clause.exceptions().isEmpty()) {
            findings.error("R213", clause.place(), clause.label() + " names no exception",
                    "list the classes under exception");
        }
        if (!clause.field("handled").isPresent()) {
            findings.error("R213", clause.place(), clause.label()
                    + " does not handle its failure, so the response is an empty 500", "set handled to constant true");
        } else if (is(clause, "handled", "false")) {
            findings.error("R213", clause.expression("handled").orElseThrow().place(), clause.label()
                    + " does not handle its failure, so the response is an empty 500", "set handled to constant true");
        }
    }

    private static boolean is(Step clause, String field, String value) {
        return clause.expression(field).filter(Expression::isConstant).map(Expression::text)
                .filter(value::equalsIgnoreCase).isPresent();
    }

    private static void headers(Step step, Findings findings) {
        step.assignments().stream().filter(assignment -> assignment.what().equals("header"))
                .map(assignment -> assignment.name())
                .filter(name -> !LEAVE.contains(name.text().toLowerCase(Locale.ROOT))
                        && !name.text().startsWith("Camel"))
                .forEach(name -> findings.warning("R314", name.place(), "header " + name.text()
                        + " stays inside: the response carries resultCode, resultDesc, ccmessaging-token, Allow,"
                        + " Retry-After and Content-Type", "remove it"));
    }

    /** Camel takes the first clause that names the very class and whose condition holds. */
    private static void hidden(List<Step> clauses, Findings findings) {
        Map<String, Step> always = new HashMap<>();
        for (Step clause : clauses) {
            if (clause.isDisabled()) {
                continue;
            }
            for (Value exception : clause.exceptions()) {
                Step earlier = always.get(exception.text());
                if (earlier != null && earlier != clause) {
                    findings.error("R303", exception.place(), clause.label() + " and " + earlier.label()
                            + " both have " + simple(exception.text()) + ", and only one of them applies",
                            "keep the class in one of them, or put the clause with a condition (onWhen) first");
                } else if (clause.field("onWhen").isMissing()) {
                    always.put(exception.text(), clause);
                }
            }
        }
    }

    private static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }
}

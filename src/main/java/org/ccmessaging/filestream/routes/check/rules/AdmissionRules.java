package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.rules.Journey.Kind;
import org.ccmessaging.filestream.routes.check.rules.Journey.Visit;
import org.ccmessaging.filestream.toolkit.Steps;

/** What must be done with a request before the service opens a file or signs a token for it. */
final class AdmissionRules implements JourneyRule {

    /**
     * A step that must come before.
     *
     * @param name its usual name
     * @param is whether a step is it
     * @param done the fact that it leaves
     * @param code the rule
     */
    private record Needed(String name, Predicate<Step> is, Fact done, String code) {

        static Needed bean(String name, String bean, Fact done, String code) {
            return new Needed(name, step -> Walk.bean(step).equals(bean), done, code);
        }
    }

    private static final Needed READ_BODY = Needed.bean("read-body", Steps.READ_BODY, Fact.BODY_READ, "R217");
    private static final Needed PARSE =
            new Needed("parse-request (unmarshal to variable request)", Effects::parses, Fact.PARSED, "R217");

    private static final List<Needed> BEFORE_A_FILE = List.of(READ_BODY, PARSE,
            Needed.bean("check-request", Steps.CHECK_REQUEST, Fact.CHECKED, "R217"),
            Needed.bean("admit", Steps.ADMIT, Fact.ADMITTED, "R108"));

    private static final List<Needed> BEFORE_A_TOKEN = List.of(READ_BODY, PARSE);

    @Override
    public void check(RouteSet set, Journey journey, Findings findings) {
        if (journey.kind() == Kind.DOWNLOAD) {
            BEFORE_A_FILE.forEach(needed -> journey.opening().filter(visit -> visit.path().lacks(needed.done()))
                    .findFirst().ifPresent(opening -> report(journey, needed, "a file is opened", findings)));
            admitHoldsNoSlowBody(journey, findings);
        } else if (journey.kind() == Kind.TOKEN) {
            token(journey, findings);
        }
        if (journey.clause() == null && journey.kind() == Kind.BACKGROUND) {
            return;
        }
        journey.runs(Steps.CHECK_REQUEST).filter(visit -> visit.path().lacks(Fact.PARSED)
                        && journey.findWithDisabled(Effects::parses).isPresent())
                .findFirst().ifPresent(visit -> findings.error("R217", visit.step().place(), visit.step().label()
                        + " comes before the step that sets variable request", "move it behind parse-request"));
    }

    private static void token(Journey journey, Findings findings) {
        List<Visit> issues = journey.visits().stream().filter(visit -> visit.runs(Steps.ISSUE_ACCESS_TOKEN)
                || visit.runs(Steps.ISSUE_SESSION_TOKEN)).toList();
        if (issues.isEmpty()) {
            findings.error("R217", journey.start(), journey.entry().label() + " issues no token",
                    "add step issue-access-token or issue-session-token");
        }
        BEFORE_A_TOKEN.forEach(needed -> issues.stream().filter(visit -> visit.path().lacks(needed.done()))
                .findFirst().ifPresent(issue -> report(journey, needed, "a token is issued", findings)));
    }

    private static void report(Journey journey, Needed needed, String what, Findings findings) {
        Optional<Step> step = journey.findWithDisabled(needed.is());
        Place place = step.map(Step::place).orElse(journey.start());
        String missing = step.map(found -> found.isDisabled() ? found.label() + " is disabled, but must run"
                : found.label() + " must run").orElse("no step " + needed.name());
        findings.error(needed.code(), place, missing + " before " + what + ", on every way from "
                + journey.entry().uri().target(), step.isPresent() ? "move it directly below the route, behind"
                + " authenticate and before the choice of the storage" : "add it");
    }

    private static void admitHoldsNoSlowBody(Journey journey, Findings findings) {
        if (journey.runs(Steps.READ_BODY).findAny().isEmpty()) {
            return;
        }
        journey.runs(Steps.ADMIT).filter(visit -> visit.path().lacks(Fact.BODY_READ)).findFirst()
                .ifPresent(visit -> findings.error("R108", visit.step().place(), visit.step().label()
                        + " must come after read-body, or clients that send slowly hold all permits",
                        "move it behind read-body"));
    }
}

package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.rules.Journey.Kind;
import org.ccmessaging.filestream.routes.check.rules.Journey.Visit;
import org.ccmessaging.filestream.toolkit.Steps;

/** Nobody gets a file, or a token, before the service knows who it is. */
final class AuthenticationRules implements JourneyRule {

    /** Steps that run what is in them perhaps, several times, on a copy, or with its failures caught. */
    private static final Set<String> NOT_FOR_SURE = Set.of("choice", "filter", "doTry", "circuitBreaker", "multicast",
            "split", "loop", "wireTap", "aggregate", "loadBalance", "idempotentConsumer", "enrich", "pollEnrich",
            "recipientList", "routingSlip", "dynamicRouter", "resequence", "sample", "onException");

    @Override
    public void check(RouteSet set, Journey journey, Findings findings) {
        boolean reported = unsure(journey, Steps.AUTHENTICATE, "authenticate", findings)
                | unsure(journey, Steps.AUTHENTICATE_APP, "authenticate-app", findings);
        if (!reported) {
            customer(journey, findings);
            app(journey, findings);
        }
    }

    private static boolean unsure(Journey journey, String bean, String name, Findings findings) {
        Optional<Visit> disabled = journey.skipped().stream().filter(visit -> visit.runs(bean)).findFirst();
        disabled.ifPresent(visit -> findings.error("R104", visit.step().place(),
                visit.step().label() + " is disabled, so nobody runs " + name, "remove \"disabled\""));
        List<Visit> unsure = journey.runs(bean).filter(visit -> around(visit).isPresent()).toList();
        unsure.forEach(visit -> findings.error("R104", visit.step().place(), name + " must run for every request, but "
                + visit.step().label() + " is inside " + around(visit).map(Step::label).orElse(""),
                "put it directly below the route, behind record-download"));
        return disabled.isPresent() || !unsure.isEmpty();
    }

    private static Optional<Step> around(Visit visit) {
        return visit.call().around(visit.step()).filter(step -> NOT_FOR_SURE.contains(step.name())).findFirst();
    }

    private static void customer(Journey journey, Findings findings) {
        Stream<Visit> unknown = journey.visits().stream().filter(visit -> visit.path().lacks(Fact.AUTHENTICATED)
                && visit.path().lacks(Fact.IN_CLAUSE));
        if (journey.kind() == Kind.BACKGROUND) {
            unknown.filter(visit -> Journey.opens(visit.step())).findFirst().ifPresent(visit ->
                    findings.error("R102", journey.start(), journey.entry().label()
                            + " opens a file for a customer whom nobody verified", "only a request with credentials"
                            + " gets a file: begin at an entry path, with record-download and authenticate"));
        } else if (journey.kind() == Kind.DOWNLOAD && journey.runs(Steps.AUTHENTICATE).findAny().isEmpty()) {
            findings.error("R102", journey.start(), "no step authenticate on the way from "
                    + journey.entry().uri().target(), "add it behind record-download");
        } else if (journey.kind() == Kind.DOWNLOAD) {
            unknown.filter(visit -> !leads(visit)).findFirst().ifPresent(visit ->
                    findings.error("R101", visit.step().place(), "authenticate must come before every step but"
                            + " record-download, and " + visit.step().label() + " comes before it",
                            "move it behind authenticate"));
        }
    }

    /** Whether the step may come before authenticate: record-download, authenticate itself, and what leads there. */
    private static boolean leads(Visit visit) {
        return visit.runs(Steps.RECORD_DOWNLOAD) || visit.runs(Steps.AUTHENTICATE) || EntryRules.onlyLeadsOn(visit);
    }

    private static void app(Journey journey, Findings findings) {
        journey.runs(Steps.ISSUE_SESSION_TOKEN).filter(visit -> visit.path().lacks(Fact.APP_AUTHENTICATED)).findFirst()
                .ifPresent(visit -> findings.error("R120", visit.step().place(), visit.step().label()
                        + " signs a session token for an app that nobody verified",
                        "put step authenticate-app before it"));
    }
}

package org.ccmessaging.filestream.routes.check.rules;

import java.util.Set;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.rules.Journey.Kind;
import org.ccmessaging.filestream.routes.check.rules.Journey.Visit;
import org.ccmessaging.filestream.toolkit.Steps;

/** A file is opened below the customer's tenant, and on every way. */
final class StorageRules implements JourneyRule {

    private static final Set<String> READS = Set.of("read-", "storage-");

    /** Schemes of steps that read no file; the empty one is that of a step without an address. */
    private static final Set<String> INSIDE = Set.of("", "direct", "seda", "log", "bean", "mock");

    @Override
    public void check(RouteSet set, Journey journey, Findings findings) {
        if (journey.clause() != null) {
            return;
        }
        journey.opening().filter(visit -> visit.path().lacks(Fact.RESOLVED)).forEach(visit ->
                findings.error("R109", caller(visit), "a file is opened before resolve-key has placed its key below the"
                        + " customer's tenant", "put step resolve-key before it, on every way"));
        journey.visits().stream().filter(visit -> visit.path().lacks(Fact.RESOLVED) && readsAStream(visit)).findFirst()
                .ifPresent(visit -> findings.error("R109", visit.step().place(), visit.step().label() + " reads a file"
                        + " before resolve-key has placed its key below the customer's tenant",
                        "put step resolve-key before it, and read what variable location names"));
        journey.runs(Steps.RESOLVE_KEY).forEach(visit -> inputs(visit, findings));
        journey.visits().stream().filter(visit -> visit.step().endpoint().scheme().equals("aws2-s3")
                && visit.path().lacks(Fact.REQUESTED)).findFirst().ifPresent(visit -> findings.error("R111",
                        visit.step().placeOf("variableSend"), visit.step().label()
                                + " sends variable objectRequest before request-object has made it",
                        "put step request-object before it"));
        journey.runs(Steps.TAKE_OBJECT).filter(visit -> visit.path().lacks(Fact.FETCHED)).findFirst()
                .ifPresent(visit -> findings.error("R111", visit.step().place(), visit.step().label()
                        + " takes the response of the store, and no step has sent it a request",
                        "put step get-object before it"));
        journey.opening().forEach(visit -> broken(visit, findings));
        if (journey.kind() == Kind.DOWNLOAD) {
            opened(journey, findings);
        }
    }

    /** The step by which a route left its own ground: the call of a route read-…, or the opening step itself. */
    private static Place caller(Visit visit) {
        boolean called = visit.call().by() != null && visit.call().target().startsWith("direct:read-");
        return called ? visit.call().by().place() : visit.step().place();
    }

    /** Whether the step reads what {@code take-stream} of its route then takes. */
    private static boolean readsAStream(Visit visit) {
        Step step = visit.step();
        return (!INSIDE.contains(step.endpoint().scheme()) || !Targets.dynamic(step).isEmpty())
                && visit.call().route() != null && visit.call().route().allSteps()
                        .anyMatch(one -> Walk.bean(one).equals(Steps.TAKE_STREAM) && !one.isDisabled());
    }

    private static void inputs(Visit visit, Findings findings) {
        String missing = visit.path().lacks(Fact.BRANCH) ? "branch" : "objectKey";
        if (visit.path().lacks(Fact.BRANCH) || visit.path().lacks(Fact.OBJECT_KEY)) {
            findings.error("R218", visit.step().place(), visit.step().label() + " needs variable " + missing
                    + ", and no step before it sets that", "add a step setVariable before it");
        }
    }

    private static void broken(Visit visit, Findings findings) {
        visit.call().around(visit.step()).filter(step -> step.name().equals("circuitBreaker")).findFirst()
                .ifPresent(breaker -> findings.error("R308", breaker.place(), breaker.label() + " around the read of a"
                        + " file: it counts missing files as failures, sees no read that breaks later, and hands on a"
                        + " closed stream", "the service has a circuit breaker in its client of the store;"
                        + " remove this one"));
    }

    private static void opened(Journey journey, Findings findings) {
        journey.returns().stream().filter(end -> end.path().lacks(Fact.OPENED) && end.path().lacks(Fact.COPY)
                        && READS.stream().anyMatch(end.route().uri().path()::startsWith))
                .forEach(end -> findings.error("R214", end.route().uri().place(), end.route().label()
                        + " can end without an opened file", end.route().uri().path().startsWith("read-")
                        ? "end each way with open-file or take-object, or with throwException"
                        : "end each way with a call of a route read-…, or with throwException"));
        journey.runs(Steps.READ_FIRST_CHUNK).filter(visit -> visit.path().lacks(Fact.OPENED)
                        && visit.path().branch() != null)
                .forEach(visit -> findings.error("R214", visit.path().branch().place(), branch(visit.path().branch()),
                        "call a route storage-… there, or fail with throwException"));
    }

    private static String branch(Step branch) {
        return branch.name().equals("choice") ? branch.label() + " has a way on which no file is opened: none of its"
                + " branches applies" : branch.label() + " opens no file";
    }
}

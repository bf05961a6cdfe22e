package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Optional;
import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.rules.Journey.Kind;
import org.ccmessaging.filestream.routes.check.rules.Journey.Visit;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Steps;

/** The first chunk is read when the file is open, and before anything says success or encodes. */
final class FirstChunkRules implements JourneyRule {

    private static final String HINT = "the order is: open the file, read-first-chunk, set-success, encode, respond";

    @Override
    public void check(RouteSet set, Journey journey, Findings findings) {
        if (journey.kind() != Kind.DOWNLOAD) {
            return;
        }
        List<Visit> chunks = journey.runs(Steps.READ_FIRST_CHUNK).toList();
        List<Visit> early = journey.visits().stream().filter(visit -> visit.path().lacks(Fact.CHUNK_READ)
                && (Effects.encodes(visit.step()) || success(set, visit.step()).isPresent())).toList();
        Optional<Visit> late = chunks.stream().filter(visit -> visit.path().is(Fact.ENCODED)).findFirst();
        Optional<Visit> unopened = chunks.stream()
                .filter(visit -> visit.path().lacks(Fact.OPENED) && visit.path().branch() == null).findFirst();
        if (late.isPresent()) {
            error(late.get().step(), "reads what is encoded already", findings);
        } else if (unopened.isPresent()) {
            error(unopened.get().step(), "reads before a file is open", findings);
        } else if (early.stream().anyMatch(visit -> Effects.encodes(visit.step())) || chunks.isEmpty()) {
            missing(journey, early, findings);
        } else {
            early.forEach(visit -> findings.error("R205", success(set, visit.step()).orElseThrow(),
                    visit.step().label() + " says success before read-first-chunk has read the file", HINT));
        }
    }

    private static void missing(Journey journey, List<Visit> early, Findings findings) {
        Optional<Step> chunk = journey.findWithDisabled(step -> Walk.bean(step).equals(Steps.READ_FIRST_CHUNK));
        if (chunk.isPresent()) {
            error(chunk.get(), chunk.get().isDisabled() ? "is disabled" : "does not run on every way", findings);
        } else {
            early.stream().findFirst().ifPresent(first -> error(first.step(),
                    "comes without read-first-chunk before it", findings));
        }
    }

    private static void error(Step step, String what, Findings findings) {
        findings.error("R306", step.place(), step.label() + " " + what, HINT);
    }

    /** The place of the code of success, if the step sets it. */
    private static Optional<Place> success(RouteSet set, Step step) {
        return step.assignments().stream().filter(assignment -> assignment.name().text().equals(Headers.RESULT_CODE)
                        && "0".equals(Effects.constant(set, assignment)))
                .findFirst().flatMap(Assignment::expression).map(Expression::place);
    }
}

package org.ccmessaging.filestream.routes.check.rules;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.rules.Journey.Kind;
import org.ccmessaging.filestream.routes.check.rules.Journey.Visit;
import org.ccmessaging.filestream.toolkit.Steps;

/** A download is recorded from its first step on. */
final class EntryRules implements JourneyRule {

    private static final Set<String> GROUPS = Set.of("pipeline", "step");

    @Override
    public void check(RouteSet set, Journey journey, Findings findings) {
        if (journey.kind() != Kind.DOWNLOAD) {
            return;
        }
        Optional<Visit> recorder = journey.runs(Steps.RECORD_DOWNLOAD)
                .filter(visit -> visit.path().lacks(Fact.COPY)).findFirst();
        Optional<Visit> disabled = journey.skipped().stream()
                .filter(visit -> visit.runs(Steps.RECORD_DOWNLOAD)).findFirst();
        if (recorder.isEmpty() && disabled.isPresent()) {
            Step step = disabled.get().step();
            findings.error("R107", step.place(), step.label() + " is disabled, so nothing records the download",
                    "remove \"disabled\"");
            return;
        }
        journey.visits().stream().filter(visit -> visit.path().lacks(Fact.RECORDED) && !onlyLeadsOn(visit)).findFirst()
                .filter(first -> !first.runs(Steps.RECORD_DOWNLOAD))
                .ifPresent(first -> findings.error("R107", first.step().place(),
                        "record-download must be the first step of " + journey.entry().label() + ", but "
                                + first.step().label() + " is", recorder.isEmpty()
                                ? "add step record-download before it" : "move record-download before it"));
    }

    /** Whether the step does nothing but lead to others: a call, or a group. */
    static boolean onlyLeadsOn(Visit visit) {
        Step step = visit.step();
        return GROUPS.contains(step.name()) || step.name().equals("to")
                && Stream.of("direct", "seda").anyMatch(step.endpoint().scheme()::equals);
    }
}

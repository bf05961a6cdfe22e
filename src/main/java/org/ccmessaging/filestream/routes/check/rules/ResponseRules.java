package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.rules.Journey.End;
import org.ccmessaging.filestream.routes.check.rules.Journey.Kind;
import org.ccmessaging.filestream.routes.check.rules.Journey.Visit;
import org.ccmessaging.filestream.toolkit.Steps;

/** Each way ends with one respond, and nothing behind it changes the response. */
final class ResponseRules implements JourneyRule {

    @Override
    public void check(RouteSet set, Journey journey, Findings findings) {
        if (journey.clause() == null && journey.kind() == Kind.BACKGROUND) {
            return;
        }
        ends(journey, findings);
        journey.visits().stream().filter(visit -> visit.path().is(Fact.RESPONDED) && visit.path().lacks(Fact.COPY))
                .forEach(visit -> behind(visit, findings));
        journey.visits().stream().filter(visit -> Effects.encodes(visit.step()) && visit.path().is(Fact.ENCODED))
                .forEach(visit -> findings.error("R219", visit.step().place(),
                        visit.step().label() + " encodes what is encoded already", "encode once on each way"));
        if (journey.kind() == Kind.DOWNLOAD) {
            journey.runs(Steps.RESPOND).filter(visit -> visit.path().is(Fact.SUCCESS_CODE)
                            && visit.path().lacks(Fact.ENCODED) && visit.path().lacks(Fact.RESPONDED))
                    .forEach(visit -> findings.error("R219", visit.step().place(), visit.step().label()
                            + " can meet a file that no step has encoded",
                            "put encode-stream, or marshal base64 for small files, before it on every way"));
        }
    }

    private static void ends(Journey journey, Findings findings) {
        List<End> without = journey.ends().stream().filter(end -> end.path().lacks(Fact.RESPONDED)).toList();
        boolean none = journey.ends().stream().noneMatch(end -> end.stop() == null && end.path().is(Fact.RESPONDED));
        for (End end : without) {
            Place place = journey.start();
            String where = journey.entry() == null ? journey.clause().label() : journey.entry().label();
            if (end.stop() != null) {
                place = end.stop().place();
                where = end.stop().label();
            } else if (journey.entry() != null && end.path().last() != null) {
                Step last = none || end.path().branch() == null ? end.path().last() : end.path().branch();
                place = last.place();
                where = "the way through " + last.label();
            }
            findings.error("R207", place, where + " ends without respond, so the client gets no made response",
                    "end it with a step respond");
        }
    }

    private static void behind(Visit visit, Findings findings) {
        Step step = visit.step();
        if (visit.runs(Steps.RESPOND)) {
            findings.error("R208", step.place(), step.label() + " makes a second response on the same way",
                    "keep one respond, as the last step");
        } else if (Body.isTouchedBy(step) || Body.isReadBy(step).isPresent()) {
            findings.error("R209", step.place(), step.label() + " works on the body behind respond",
                    "move it before respond, or off the way with wireTap");
        } else {
            step.assignments().stream().filter(assignment -> assignment.what().equals("header"))
                    .map(Assignment::name).filter(name -> Effects.OUTCOME.contains(name.text())).findFirst()
                    .ifPresent(name -> findings.error("R209", name.place(), step.label() + " sets header "
                            + name.text() + " behind respond", "move it before respond"));
            if (Effects.OUTCOME.stream().anyMatch(header -> Effects.removes(step, header))) {
                findings.error("R209", step.place(), step.label() + " removes the outcome behind respond",
                        "move it before respond");
            }
        }
    }
}

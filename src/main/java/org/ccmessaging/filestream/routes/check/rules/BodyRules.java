package org.ccmessaging.filestream.routes.check.rules;

import java.util.Optional;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.rules.Journey.Kind;
import org.ccmessaging.filestream.routes.check.rules.Journey.Visit;

/** Nothing reads the file between the step that opens it and respond, since it can be read once. */
final class BodyRules implements JourneyRule {

    @Override
    public void check(RouteSet set, Journey journey, Findings findings) {
        if (journey.kind() == Kind.DOWNLOAD) {
            journey.visits().stream().filter(visit -> visit.path().is(Fact.OPENED)
                            && visit.path().lacks(Fact.RESPONDED) && visit.path().lacks(Fact.FAILURE_CODE))
                    .forEach(visit -> file(visit, findings));
        }
        if (journey.kind() == Kind.TOKEN) {
            journey.visits().stream().filter(visit -> isLog(visit.step())).forEach(visit -> secret(visit, findings));
        }
    }

    private static void file(Visit visit, Findings findings) {
        Step step = visit.step();
        Optional<Place> read = Body.isReadBy(step);
        if (Body.isTouchedBy(step) && !(visit.path().is(Fact.COPY) && Body.isReplacedBy(step))) {
            findings.error("R307", step.place(), step.label() + " takes the file, which can be read once, before the"
                    + " client gets it", "move it before the step that opens the file, or give it variableSend and"
                    + " variableReceive");
        } else if (read.isPresent()) {
            findings.error("R307", read.get(), step.label() + " reads the file, which can be read once, before the"
                    + " client gets it", "read a variable or a header instead");
        }
    }

    private static void secret(Visit visit, Findings findings) {
        Body.isReadBy(visit.step()).ifPresent(place -> findings.error("R118", place, visit.step().label()
                + " logs the body of a token route, which holds a secret or a token", "log a variable instead"));
    }

    private static boolean isLog(Step step) {
        return step.name().equals("log") || step.endpoint().scheme().equals("log");
    }
}

package org.ccmessaging.filestream.routes.check.rules;

import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.rules.Journey.Kind;
import org.ccmessaging.filestream.routes.check.rules.Journey.Visit;
import org.ccmessaging.filestream.toolkit.Steps;

/** The code of a response is that of what it holds: success for a file, and for nothing else. */
final class CodeRules implements JourneyRule {

    @Override
    public void check(RouteSet set, Journey journey, Findings findings) {
        if (journey.clause() != null) {
            clause(journey, findings);
        } else if (journey.kind() == Kind.DOWNLOAD) {
            journey.runs(Steps.RESPOND).filter(visit -> visit.path().lacks(Fact.RESPONDED)
                    && visit.path().lacks(Fact.COPY)).forEach(visit -> download(visit, findings));
        }
    }

    private static void clause(Journey journey, Findings findings) {
        journey.visits().stream().filter(visit -> visit.path().is(Fact.SUCCESS_CODE)).map(Visit::path).findFirst()
                .ifPresent(path -> findings.error("R205", place(path.code()), journey.clause().label()
                        + " gives a failure the code of success", "use the code of the failure, such as 13"));
        journey.runs(Steps.RESPOND).filter(visit -> visit.path().lacks(Fact.RESPONDED)).forEach(visit -> {
            Path path = visit.path();
            missing(journey, path.code() == null, "resultCode", findings);
            missing(journey, path.lacks(Fact.DESC), "resultDesc", findings);
            missing(journey, path.lacks(Fact.STATUS), "CamelHttpResponseCode", findings);
        });
    }

    private static void missing(Journey journey, boolean isMissing, String header, Findings findings) {
        if (isMissing) {
            findings.error("R213", journey.start(), journey.clause().label() + " does not set header " + header
                    + " before respond", "a clause sets resultCode, resultDesc and CamelHttpResponseCode");
        }
    }

    private static void download(Visit visit, Findings findings) {
        Path path = visit.path();
        if (path.code() == null) {
            findings.error("R205", visit.step().place(), visit.step().label() + " can meet a request without header"
                    + " resultCode", "set resultCode to 0 behind read-first-chunk");
        } else if (path.is(Fact.FAILURE_CODE) && path.is(Fact.ENCODED)) {
            findings.error("R205", place(path.code()), "the code of a file that was sent is 0 and nothing else",
                    "set resultCode to 0");
        }
    }

    private static Place place(Assignment code) {
        return code.expression().map(Expression::place).orElse(code.name().place());
    }
}

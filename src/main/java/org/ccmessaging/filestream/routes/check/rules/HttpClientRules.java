package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Set;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.rules.Journey.Visit;

/** A request of our own to another service is not made of the headers of the client's request. */
final class HttpClientRules implements JourneyRule {

    private static final Set<String> CLIENTS = Set.of("http", "https", "netty-http", "vertx-http");

    @Override
    public void check(RouteSet set, Journey journey, Findings findings) {
        journey.visits().stream().filter(visit -> visit.path().lacks(Fact.HTTP_CLEAN))
                .forEach(visit -> sends(visit, findings));
    }

    private static void sends(Visit visit, Findings findings) {
        Step step = visit.step();
        List<Endpoint> targets = step.endpoint().isPresent() ? List.of(step.endpoint()) : Targets.of(step);
        targets.stream().filter(endpoint -> CLIENTS.contains(endpoint.scheme())).findFirst().ifPresent(endpoint -> {
            Place place = endpoint.place();
            findings.error("R114", place, step.label() + " sends to " + endpoint.scheme() + " with the headers"
                    + " CamelHttp… of the client's request, which choose method, path and address",
                    "put removeHeaders with pattern CamelHttp* before it");
        });
    }
}

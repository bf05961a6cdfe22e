package org.ccmessaging.filestream.routes.check.rules;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.settings.RoutesSettings;

/** Clients reach the paths of the contract, and those that the installation allows. */
final class EntryPoints implements Rule {

    /** Sections 1 and 5 of the contract. */
    private static final String DOWNLOAD = "/apiaccess/ccmessaging/downloadFileStream";
    private static final Set<String> CONTRACT = Set.of(DOWNLOAD, "/apigovernance/api/oauth/tokenByAkSk",
            "/apiaccess/ccmessaging/applyToken");

    private static final String TOKEN_ENDPOINTS = "{{filestream.auth.token-endpoints}}";

    /** Elements that make routes which the model of the check does not show. */
    private static final Set<String> HIDDEN = Set.of("rest", "routeTemplate", "templatedRoute");

    private final RoutesSettings settings;

    EntryPoints(RoutesSettings settings) {
        this.settings = settings;
    }

    @Override
    public void check(RouteSet set, Findings findings) {
        set.routes().stream().filter(route -> route.uri().scheme().equals("platform-http"))
                .forEach(route -> entry(set, route, findings));
        set.others().stream().filter(element -> HIDDEN.contains(element.name())).forEach(element ->
                findings.error("R122", element.place(), element.name() + " makes routes that the check does not see",
                        "write each route out as \"- route:\""));
        set.allSteps().filter(step -> step.name().equals("kamelet")).forEach(step ->
                findings.error("R122", step.place(), step.label() + ": a kamelet makes a route that the check does not"
                        + " see", "write the steps out"));
        if (set.complete()) {
            needed(set, findings);
        }
    }

    private static void needed(RouteSet set, Findings findings) {
        Set<String> there = set.routes().stream().filter(route -> route.uri().scheme().equals("platform-http"))
                .map(route -> path(set, route.uri())).collect(Collectors.toSet());
        boolean tokens = set.resolve(TOKEN_ENDPOINTS).equals("true");
        CONTRACT.stream().sorted().filter(path -> !there.contains(path)).forEach(path -> {
            if (path.equals(DOWNLOAD)) {
                findings.error("R201", Place.of(set.folder()), "no route receives from platform-http:" + path,
                        "every download begins there: take the route back from the shipped files");
            } else if (tokens) {
                findings.error("R201", Place.of(set.folder()), "no route receives from platform-http:" + path
                        + ", although filestream.auth.token-endpoints is true", "take tokens.camel.yaml back from the"
                        + " shipped files, or set filestream.auth.token-endpoints to false");
            }
        });
    }

    private void entry(RouteSet set, Route route, Findings findings) {
        Endpoint uri = route.uri();
        String path = path(set, uri);
        if (path.contains(",")) {
            findings.error("R103", uri.place(), route.label() + " names several paths, which the service takes for one",
                    "write a route for each path");
        } else if (path.replaceFirst("^/*", "").startsWith("proxy")) {
            findings.error("R113", uri.place(), route.label() + " makes the service a proxy for anybody: Camel"
                    + " takes a path that begins with proxy so", "give the path another name");
        } else if (!CONTRACT.contains(path) && !settings.entryPoints().contains(path)) {
            findings.error("R103", uri.place(), route.label() + " opens the path " + path
                    + ", which neither the contract nor filestream.routes.entry-points names",
                    Stream.of(DOWNLOAD).filter(known -> near(known, path)).map(known -> "did you mean " + known
                            + "?").findFirst().orElse("add it to filestream.routes.entry-points if it is meant"));
        } else {
            method(set, route, path, findings);
        }
        Value prefix = uri.parameter("matchOnUriPrefix");
        if (prefix.isTrue()) {
            findings.error("R103", prefix.place(), route.label() + " opens every path below "
                    + uri.path(), "remove matchOnUriPrefix");
        }
    }

    private static void method(RouteSet set, Route route, String path, Findings findings) {
        Value only = route.uri().parameter("httpMethodRestrict");
        String methods = set.resolve(only.text()).strip();
        if (!methods.equals("POST")) {
            findings.error("R125", only.place(), route.label() + " takes "
                    + (methods.isEmpty() ? "every method" : methods) + " at " + path + ", which takes POST alone",
                    "set httpMethodRestrict to POST");
        }
    }

    private static boolean near(String known, String path) {
        return known.regionMatches(true, 0, path, 0, Math.min(path.length(), known.length() - 4))
                && path.length() > known.length() / 2;
    }

    private static String path(RouteSet set, Endpoint uri) {
        String path = set.resolve(uri.path()).strip();
        return path.startsWith("/") ? path : "/" + path;
    }
}

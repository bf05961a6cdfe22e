package org.ccmessaging.filestream.routes.check.rules;

import java.util.Set;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.settings.NearestName;
import org.ccmessaging.filestream.settings.RoutesSettings;

/** Clients reach the paths of the contract, and those that the installation allows; by POST. */
final class EntryPoints implements Rule {

    /** Called by the service itself for failures outside the routes. */
    static final String FAILURE_OUTCOME = "direct:failure-outcome";

    /** Sections 1 and 5 of the contract. */
    static final String DOWNLOAD = "/apiaccess/ccmessaging/downloadFileStream";
    static final String TOKEN_BY_AK_SK = "/apigovernance/api/oauth/tokenByAkSk";
    static final String APPLY_TOKEN = "/apiaccess/ccmessaging/applyToken";

    private static final Set<String> CONTRACT = Set.of(DOWNLOAD, TOKEN_BY_AK_SK, APPLY_TOKEN);
    private static final String TOKEN_ENDPOINTS = "{{filestream.auth.token-endpoints}}";

    private final RoutesSettings settings;

    EntryPoints(RoutesSettings settings) {
        this.settings = settings;
    }

    @Override
    public void check(RouteSet set, Findings findings) {
        set.routes().stream().filter(Calls::isEntry).forEach(route -> entry(set, route, findings));
        if (set.complete()) {
            needed(set, findings);
        }
    }

    private static void needed(RouteSet set, Findings findings) {
        Set<String> there = set.routes().stream().filter(Calls::isEntry).map(route -> path(set, route.uri()))
                .collect(Collectors.toSet());
        CONTRACT.stream().sorted().filter(path -> !there.contains(path) && isNeeded(set, path))
                .forEach(path -> missing(set, "no route receives from platform-http:" + path + (path.equals(DOWNLOAD)
                        ? "" : ", although filestream.auth.token-endpoints is true"), findings));
        if (!new Calls(set).consumers().containsKey(FAILURE_OUTCOME)) {
            missing(set, "no route receives from " + FAILURE_OUTCOME + ", so failures outside the routes have no code",
                    findings);
        }
        if (set.configurations().isEmpty()) {
            missing(set, "no routeConfiguration result-codes", findings);
        }
    }

    private static boolean isNeeded(RouteSet set, String path) {
        return path.equals(DOWNLOAD) || CONTRACT.contains(path) && set.resolve(TOKEN_ENDPOINTS).equals("true");
    }

    /** Whether the contract needs the route, with the settings as they are. */
    static boolean isNeeded(RouteSet set, Route route) {
        return Calls.isEntry(route) && isNeeded(set, path(set, route.uri()));
    }

    private static void missing(RouteSet set, String what, Findings findings) {
        findings.error("R201", Place.of(set.folder()), what, "take it back from the shipped files");
    }

    private void entry(RouteSet set, Route route, Findings findings) {
        Endpoint uri = route.uri();
        String path = path(set, uri);
        Value only = uri.parameter("httpMethodRestrict");
        if (path.contains(",")) {
            findings.error("R103", uri.place(), route.label() + " names several paths, which the service takes for one",
                    "write a route for each path");
        } else if (path.replaceFirst("^/*", "").startsWith("proxy")) {
            findings.error("R103", uri.place(), route.label() + " makes the service a proxy for anybody: Camel"
                    + " takes a path that begins with proxy so", "give the path another name");
        } else if (!CONTRACT.contains(path) && !settings.entryPoints().contains(path)) {
            findings.error("R103", uri.place(), route.label() + " opens the path " + path
                    + ", which neither the contract nor filestream.routes.entry-points names",
                    NearestName.didYouMean(path, CONTRACT, "add it to filestream.routes.entry-points if it is meant"));
        } else if (only.isMissing()) {
            findings.error("R103", only.place(), route.label() + " takes every method at " + path
                    + ", which takes POST only", "set httpMethodRestrict to POST");
        }
    }

    private static String path(RouteSet set, Endpoint uri) {
        String path = set.resolve(uri.path()).strip();
        return path.startsWith("/") ? path : "/" + path;
    }
}

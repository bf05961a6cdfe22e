package org.ccmessaging.filestream.routes.check;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.settings.NearestName;

/**
 * Clients reach the paths of the contract, and those that the installation allows, by POST (R103). The routes that
 * requests need exist (R201) and start with the service (R211).
 */
record EntryRules(RouteSet set, Findings findings) {

    /** The service calls it for failures outside the routes. */
    static final String FAILURE_OUTCOME = "direct:failure-outcome";

    /** Sections 1 and 5 of the contract. */
    static final String DOWNLOAD = "/apiaccess/ccmessaging/downloadFileStream";
    static final String TOKEN_BY_AK_SK = "/apigovernance/api/oauth/tokenByAkSk";
    static final String APPLY_TOKEN = "/apiaccess/ccmessaging/applyToken";

    private static final List<String> CONTRACT = List.of(APPLY_TOKEN, DOWNLOAD, TOKEN_BY_AK_SK);
    private static final String TOKEN_ENDPOINTS = "{{filestream.auth.token-endpoints}}";

    private static final Pattern COMPARISON =
            Pattern.compile("\\s*'?([^']*?)'?\\s*(==|!=|in|!in|contains|!contains)\\s*'?([^']*?)'?\\s*");

    /** @param allowed the paths that the installation allows besides those of the contract */
    void check(Collection<String> allowed) {
        set.routes().stream().filter(Route::isEntry).forEach(route -> entry(route, allowed));
        if (set.complete()) {
            exist();
        }
        Set<Route> called = set.routes().stream().flatMap(Route::allSteps)
                .flatMap(step -> set.callee(step).stream()).collect(Collectors.toSet());
        set.routes().stream().filter(route -> isFalse(set.resolve(route.field("precondition").text())))
                .filter(route -> called.contains(route) || route.isEntry() && isNeeded(path(route)))
                .forEach(route -> findings.error("R211", route, route.fields().placeOf("precondition"),
                        "does not exist: its precondition is false with these settings, and requests need it",
                        "compare with a value that the setting has, or remove the precondition"));
    }

    private void exist() {
        Set<String> there = set.routes().stream().filter(Route::isEntry).map(this::path)
                .collect(Collectors.toSet());
        CONTRACT.stream().filter(path -> !there.contains(path) && isNeeded(path)).forEach(path ->
                missing("no route receives from platform-http:" + path + (path.equals(DOWNLOAD) ? ""
                        : ", although filestream.auth.token-endpoints is true")));
        if (!set.consumers().containsKey(FAILURE_OUTCOME)) {
            missing("no route receives from " + FAILURE_OUTCOME + ", so failures outside the routes have no code");
        }
        if (set.configurations().isEmpty()) {
            missing("no routeConfiguration result-codes");
        }
    }

    private void missing(String what) {
        findings.error("R201", Place.of(set.folder()), what, "restore it from the shipped files");
    }

    /** Returns whether the contract needs a path, with the settings as they are. */
    private boolean isNeeded(String path) {
        return path.equals(DOWNLOAD) || CONTRACT.contains(path) && set.resolve(TOKEN_ENDPOINTS).equals("true");
    }

    private void entry(Route route, Collection<String> allowed) {
        Place place = route.uri().place();
        String path = path(route);
        if (path.contains(",")) {
            findings.error("R103", route, place, "names several paths, which the service reads as one",
                    "write a route for each path");
        } else if (path.replaceFirst("^/*", "").startsWith("proxy")) {
            findings.error("R103", route, place, "makes the service a proxy for anybody, as Camel does for every path"
                    + " that begins with proxy", "give the path another name");
        } else if (!CONTRACT.contains(path) && !allowed.contains(path)) {
            findings.error("R103", route, place, "opens the path " + path
                    + ", which neither the contract nor filestream.routes.entry-points names",
                    NearestName.didYouMean(path, CONTRACT, "add it to filestream.routes.entry-points if it is meant"));
        } else if (route.uri().parameter("httpMethodRestrict").isMissing()) {
            findings.error("R103", route, place, "accepts every method at " + path + ", which accepts POST only",
                    "set httpMethodRestrict to POST");
        }
    }

    private String path(Route route) {
        String path = set.resolve(route.uri().path()).strip();
        return path.startsWith("/") ? path : "/" + path;
    }

    /** Returns whether a comparison of two texts is false. Anything else counts as true. */
    private static boolean isFalse(String precondition) {
        Matcher comparison = COMPARISON.matcher(precondition);
        if (!comparison.matches() || precondition.contains("{")) {
            return precondition.strip().equals("false");
        }
        String left = comparison.group(1);
        String right = comparison.group(3);
        String operator = comparison.group(2);
        boolean alike = switch (operator.replace("!", "")) {
            case "in" -> List.of(right.split(",")).contains(left);
            case "contains" -> left.contains(right);
            default -> left.equals(right);
        };
        return alike == operator.startsWith("!");
    }
}

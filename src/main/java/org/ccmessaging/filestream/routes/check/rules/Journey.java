package org.ccmessaging.filestream.routes.check.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.toolkit.Steps;

/** Everything that a request can meet from an entry, or from a clause, to its end. */
final class Journey {

    /** Paths of the contract whose response is a token (contract section 5). */
    private static final Set<String> TOKEN_PATHS =
            Set.of("/apigovernance/api/oauth/tokenByAkSk", "/apiaccess/ccmessaging/applyToken");

    /** What a way that begins at an entry is for. */
    enum Kind {
        /** A client gets a file. */
        DOWNLOAD,
        /** An app gets a token. */
        TOKEN,
        /** No client waits for a response: a timer, a queue. */
        BACKGROUND
    }

    /**
     * A step that the way meets.
     *
     * @param step the step
     * @param path what is true before it
     * @param call how the way came into the step's route
     */
    record Visit(Step step, Path path, Call call) {

        /** Whether the step runs the bean of this name. */
        boolean runs(String bean) {
            return Walk.bean(step).equals(bean);
        }
    }

    /**
     * An end of the way.
     *
     * @param path what is true there
     * @param stop the step that stops the way; {@code null} if it ends by itself
     */
    record End(Path path, Step stop) {
    }

    /**
     * A called route that has come to its end.
     *
     * @param route the route
     * @param path what is true there
     */
    record Return(Route route, Path path) {
    }

    private final Route entry;
    private final Step clause;
    private final List<Visit> visits = new ArrayList<>();
    private final List<Visit> skipped = new ArrayList<>();
    private final List<Visit> recursions = new ArrayList<>();
    private final List<End> ends = new ArrayList<>();
    private final List<Return> returns = new ArrayList<>();

    Journey(Route entry, Step clause) {
        this.entry = entry;
        this.clause = clause;
    }

    /** The route in which the way begins; {@code null} if it begins at a clause. */
    Route entry() {
        return entry;
    }

    /** The clause at which the way begins; {@code null} if it begins at an entry. */
    Step clause() {
        return clause;
    }

    /** Where the way begins: the address of the entry, or the clause. */
    Place start() {
        return entry == null ? clause.place() : entry.uri().place();
    }

    /** All steps that the way meets, once for each set of facts. */
    List<Visit> visits() {
        return visits;
    }

    /** Steps that are disabled, and those in them. */
    List<Visit> skipped() {
        return skipped;
    }

    /** Steps that call a route in which the way is already. */
    List<Visit> recursions() {
        return recursions;
    }

    /** The ends of the way itself, without those by a failure and without those of copies. */
    List<End> ends() {
        return ends;
    }

    /** The ends of called routes. */
    List<Return> returns() {
        return returns;
    }

    /** What the way is for. */
    Kind kind() {
        if (entry == null || !entry.uri().scheme().equals("platform-http")) {
            return Kind.BACKGROUND;
        }
        boolean opens = opening().findAny().isPresent();
        boolean issues = runs(Steps.ISSUE_ACCESS_TOKEN).findAny().isPresent()
                || runs(Steps.ISSUE_SESSION_TOKEN).findAny().isPresent();
        return !opens && (issues || TOKEN_PATHS.contains(entry.uri().path())) ? Kind.TOKEN : Kind.DOWNLOAD;
    }

    /** The visits of steps that run the bean of this name. */
    Stream<Visit> runs(String bean) {
        return visits.stream().filter(visit -> visit.runs(bean));
    }

    /** The visits of steps that open a file, or send for one. */
    Stream<Visit> opening() {
        return visits.stream().filter(visit -> opens(visit.step()));
    }

    /** A step that the way meets, or would meet if it were not disabled. */
    Optional<Step> findWithDisabled(Predicate<Step> wanted) {
        return Stream.concat(visits.stream(), skipped.stream()).map(Visit::step).filter(wanted).findFirst();
    }

    static boolean opens(Step step) {
        String bean = Walk.bean(step);
        return bean.equals(Steps.OPEN_FILE) || bean.equals(Steps.REQUEST_OBJECT) || bean.equals(Steps.TAKE_STREAM)
                || step.endpoint().scheme().equals("aws2-s3");
    }
}

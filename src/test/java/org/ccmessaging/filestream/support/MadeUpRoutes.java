package org.ccmessaging.filestream.support;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.reload.LiveRoutes;
import org.ccmessaging.filestream.reload.Outcome;
import org.ccmessaging.filestream.reload.RoutesTexts;
import org.springframework.context.annotation.Primary;

/**
 * Generations of routes without routes, for tests of what operators see and do. A test edits the folder and says
 * whether that holds; the operations behave as {@link LiveRoutes} says.
 */
@Primary
public final class MadeUpRoutes implements LiveRoutes {

    /** When the first generation began to serve. */
    public static final Instant START = Instant.parse("2026-11-26T08:00:00Z");

    private final List<Served> history = new ArrayList<>();
    private final List<String> callers = new ArrayList<>();
    private Map<String, String> folder = Map.of("a.camel.yaml", "- route: first");
    private Attempt rejected;
    private List<String> errors = List.of();
    private String untried;
    private String superseded;
    private final Map<String, Instant> stages = new LinkedHashMap<>();

    public MadeUpRoutes() {
        serve(folder, "start");
    }

    /** Writes the only file of the folder. */
    public synchronized MadeUpRoutes edit(String text, String... wrong) {
        folder = Map.of("a.camel.yaml", text);
        errors = List.of(wrong);
        return this;
    }

    /** From now on, no set can be tried; {@code null}: each can. */
    public synchronized MadeUpRoutes noRoom(String reason) {
        untried = reason;
        return this;
    }

    /** From now on, files change while they are tried; {@code null}: they do not. */
    public synchronized MadeUpRoutes changing(String reason) {
        superseded = reason;
        return this;
    }

    /** Who ran the operations, the last one last. */
    public synchronized List<String> callers() {
        return List.copyOf(callers);
    }

    private void serve(Map<String, String> texts, String by) {
        serve(texts, by, null);
    }

    private void serve(Map<String, String> texts, String by, Integer backTo) {
        int number = history.size() + 1;
        if (number > 1) {
            Served before = history.get(0);
            history.set(0, new Served(before.number(), before.sha256(), before.since(), before.by(), before.label(),
                    before.backTo(), null, State.FORMER, null, before.files()));
        }
        history.add(0, new Served(number, sha256(texts), START.plusSeconds(60L * (number - 1)), by,
                number == 1 ? null : "release 7", backTo, null, State.ACTIVE, null, texts));
        rejected = null;
    }

    /** Begins a stage, as a trial does; the outcome is a stage as well. */
    public synchronized MadeUpRoutes stage(String name) {
        stages.put(name, START);
        return this;
    }

    private static String sha256(Map<String, String> texts) {
        return DigestUtils.sha256Hex(String.join("", texts.values()));
    }

    @Override
    public synchronized Status status() {
        String files = sha256(folder);
        Served serving = history.get(0);
        boolean differ = !files.equals(serving.sha256());
        String last = stages.keySet().stream().reduce(null, (before, after) -> after);
        return new Status(serving, null, null, null, history.size() > 1 ? List.of(history.size() - 1) : List.of(), true,
                files,
                differ, RoutesTexts.note(serving.number(), true, differ, false, null, untried), rejected,
                List.copyOf(history),
                Stream.of(Stage.values()).map(Stage::progress).filter(each -> each.equals(last)).findFirst()
                        .orElse(null),
                new LinkedHashMap<>(stages));
    }

    @Override
    public synchronized Attempt check(String by) {
        callers.add("check: " + by);
        return errors.isEmpty() ? attempt(Outcome.PASSED, null, errors)
                : attempt(Outcome.REJECTED, Stage.CHECK, errors);
    }

    @Override
    public synchronized Attempt reload(String by, boolean accept) {
        callers.add((accept ? "reload and accept: " : "reload: ") + by);
        if (!status().filesDiffer()) {
            return attempt(Outcome.UNCHANGED, null, errors);
        }
        if (!errors.isEmpty()) {
            rejected = new Attempt(Outcome.REJECTED, history.get(0).number(), Stage.CHECK, errors, List.of(), 1_200,
                    START.plusSeconds(3600), by, sha256(folder));
            return rejected;
        }
        if (untried != null) {
            return attempt(Outcome.UNTRIED, null, List.of(untried));
        }
        if (superseded != null) {
            return attempt(Outcome.SUPERSEDED, null, List.of(superseded));
        }
        serve(folder, by);
        return attempt(Outcome.SERVES, null, errors);
    }

    @Override
    public synchronized Attempt rollback(int number, String by) {
        callers.add("rollback " + number + ": " + by);
        serve(status().generation(Integer.toString(number)).files(), by, number);
        return attempt(Outcome.SERVES, null, errors);
    }

    @Override
    public synchronized Attempt promote(String by) {
        callers.add("promote: " + by);
        return attempt(Outcome.SERVES, null, errors);
    }

    private Attempt attempt(Outcome outcome, Stage stage, List<String> messages) {
        return new Attempt(outcome, history.get(0).number(), stage, messages, List.of(),
                outcome.couldNotRun() ? 3 : 1_200, START, "test", null);
    }
}

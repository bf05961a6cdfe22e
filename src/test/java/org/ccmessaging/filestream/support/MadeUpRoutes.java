package org.ccmessaging.filestream.support;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.reload.LiveRoutes;
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
    private Rejection rejected;
    private List<String> errors = List.of();
    private String untried;
    private String superseded;
    private List<String> rehearsal = List.of();
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
        history.add(0, new Served(number, sha256(texts), START.plusSeconds(60L * (number - 1)), by,
                number == 1 ? null : "release 7", backTo, null, texts));
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
        return new Status(serving, null, history.size() > 1 ? List.of(history.size() - 1) : List.of(), true, files,
                differ, Status.note(serving.number(), true, differ, false, null, untried), rejected,
                List.copyOf(history), new LinkedHashMap<>(stages), rehearsal);
    }

    @Override
    public synchronized Attempt check(String by) {
        callers.add("check: " + by);
        return errors.isEmpty() ? attempt("passed", null) : attempt("rejected", "check");
    }

    /** From now on, these are the lines of the last rehearsal. */
    public synchronized MadeUpRoutes rehearsed(String... lines) {
        rehearsal = List.of(lines);
        return this;
    }

    @Override
    public synchronized String rehearsalTest(int group, String by) {
        if (group >= rehearsal.size()) {
            throw new IllegalArgumentException("there is no group " + group + " of differences");
        }
        callers.add("rehearsal " + group + ": " + by);
        return "- test: " + rehearsal.get(group);
    }

    @Override
    public synchronized Attempt reload(String by, boolean accept) {
        callers.add((accept ? "reload and accept: " : "reload: ") + by);
        if (!status().filesDiffer()) {
            return attempt("unchanged", null);
        }
        if (!errors.isEmpty()) {
            rejected = new Rejection(START.plusSeconds(3600), by, "check", sha256(folder), errors, List.of());
            return attempt("rejected", "check");
        }
        if (untried != null) {
            return new Attempt("untried", history.get(0).number(), null, List.of(untried), 3);
        }
        if (superseded != null) {
            return new Attempt("superseded", history.get(0).number(), null, List.of(superseded), 3);
        }
        serve(folder, by);
        return attempt("serves", null);
    }

    @Override
    public synchronized Attempt rollback(int number, String by) {
        callers.add("rollback " + number + ": " + by);
        serve(status().generation(Integer.toString(number)).files(), by, number);
        return attempt("serves", null);
    }

    @Override
    public synchronized Attempt promote(String by) {
        callers.add("promote: " + by);
        return attempt("serves", null);
    }

    private Attempt attempt(String outcome, String stage) {
        return new Attempt(outcome, history.get(0).number(), stage, errors, 1_200);
    }
}

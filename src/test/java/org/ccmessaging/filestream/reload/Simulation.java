package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.observe.Ending;
import org.ccmessaging.filestream.reload.Canary.Counted;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.State;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.Serving.Entered;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.RoutesNotStartedException;
import org.ccmessaging.filestream.support.Seeds;

/**
 * One life of an installation, which a seed determines: authors, operators, customers, time, the disk and the end of
 * processes take steps in a random order. What must hold is checked after each step, by books of the simulation that
 * share nothing with the code.
 */
class Simulation extends WorkerRig implements Seeds.Life {

    static final Duration WATCH = Duration.ofSeconds(60);

    /** The first word of a file says what the set does. */
    private static final List<String> KINDS = List.of("good", "good", "good", "good", "good", "good", "good", "good",
            "good", "good", "broken", "unstartable", "queueless", "harmful", "harmful", "harmful", "late", "missing",
            "refusing", "refusing", "throttling", "hanging");
    private static final List<String> HONEST = List.of("bank", "shop", "clinic");
    private static final String LIAR = "liar";
    private static final int STEPS = 70;
    private static final int POOL = 400;
    private static final int MOST_ENDS = 400;

    private final List<String> trace = new ArrayList<>();
    private boolean remembers;
    private final Random random;
    private final String lie;
    final Canary.Counts counted = new Canary.Counts();
    final Random keysOfFiles;
    private final List<Request> requests = new ArrayList<>();
    private final List<String> saved = new ArrayList<>(List.of("good one"));
    private final Set<String> promoted = new HashSet<>();
    private final Set<String> stopped = new TreeSet<>();
    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Set<String> outcomesToShow = new TreeSet<>();
    private final Map<Integer, Book> books = new TreeMap<>();
    private CompletableFuture<Report> running;
    private RouteFiles checked;
    private String durable;
    private String fresh;
    private int untilTheEnd = -1;
    private int names;

    /** Whether an operator has changed a route since the last look. */
    private boolean unseen;
    private AssertionError violated;

    /** A download between its first and last byte. */
    private record Request(Entered entered, Fake generation, String app, String session, String file, long start) {
    }

    /** What somebody wants, and the lines about it in the audit log. */
    private record Operation(String what, CompletableFuture<Attempt> done, List<String> lines) {
    }

    /** What the sessions of a canary have seen. */
    private static final class Book {

        private final long begin;
        private final Set<String> apps = new TreeSet<>();
        private final Set<String> sessions = new HashSet<>();
        private final Set<String> onCanary = new HashSet<>();
        private final Set<String> failedOfOthers = new HashSet<>();
        private final Map<String, Set<String>> harmed = new TreeMap<>();
        private final Map<String, Set<String>> failed = new TreeMap<>();
        private final Map<String, Set<String>> refused = new TreeMap<>();
        private boolean refusedOfOthers;
        private boolean served;

        private Book(long begin) {
            this.begin = begin;
        }

        private static void add(Map<String, Set<String>> sessions, String app, String session) {
            sessions.computeIfAbsent(app, name -> new HashSet<>()).add(session);
        }

        /** Returns the number of sessions without the app that has most. */
        private static int withoutMost(Map<String, Set<String>> sessions) {
            return sessions.values().stream().mapToInt(Set::size).sum()
                    - sessions.values().stream().mapToInt(Set::size).max().orElse(0);
        }
    }

    Simulation(long seed) {
        random = new Random(seed);
        keysOfFiles = new Random(random.nextLong());
        lie = pick(List.of("none", "frames", "covers"));
        percent = pick(List.of(10, 10, 50, 0));
        live = random.nextInt(5) > 0;
        text = saved.get(0);
        names = 1;
    }

    @Override
    public final List<String> trace() {
        return trace;
    }

    @Override
    public final void remember() {
        remembers = true;
    }

    /** Runs the life to its end. */
    @Override
    public final void run() {
        begin();
        // Lives differ more if some things never happen in them.
        List<Move> never = Stream.of(Move.values()).filter(move -> random.nextInt(3) == 0).toList();
        List<Move> moves = MOVES.stream().filter(move -> move == Move.TURN || !never.contains(move)).toList();
        for (int i = 0; i < STEPS; i++) {
            step(pick(moves));
        }
        step(Move.END);
        step(Move.END);
        for (int i = 0; i < MOST_ENDS && !isIdle(); i++) {
            step(Move.WAIT);
            step(Move.CHECKED);
        }
        require(isIdle(), "nothing waits for ever");
    }

    private boolean isIdle() {
        return tasks.isEmpty() && serving.draining().isEmpty()
                && operations.values().stream().allMatch(each -> each.done.isDone());
    }

    private <T> T pick(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    /** What may come next. */
    private enum Move {
        SAVE, EDIT, REVERT, RELOAD, CHECK, ACCEPT, PROMOTE, BACK, BACK_TO, STOP_OR_START, DISK, DOWNLOAD, ARRIVE, END,
        WORK, TURN, CHECKED, WAIT, WATCH, RESTART, KILL, KILL_SOON
    }

    private static final List<Move> MOVES = Stream.of(Move.values()).flatMap(move -> Stream.generate(() -> move)
            .limit(switch (move) {
                case TURN -> 5;
                case EDIT, DOWNLOAD -> 8;
                case CHECKED, WORK -> 6;
                case SAVE, WATCH, STOP_OR_START, END -> 3;
                case ARRIVE, WAIT, ACCEPT -> 2;
                default -> 1;
            })).toList();

    private void step(Move move) {
        String what = switch (move) {
            case SAVE -> save();
            case EDIT -> save() + turnOnce() + finishCheck();
            case REVERT -> text = pick(saved);
            case RELOAD -> operation("reload", by -> worker.load(by, Edit.Kind.LOAD));
            case CHECK -> operation("check", by -> worker.load(by, Edit.Kind.CHECK));
            case ACCEPT -> operation("accept", by -> worker.load(by, Edit.Kind.ACCEPT));
            case PROMOTE -> operation("promote", worker::promote);
            case BACK -> back();
            case BACK_TO -> backTo(pick(status().history()));
            case STOP_OR_START -> operate();
            case DISK -> "fails: " + (diskFails = !diskFails);
            case DOWNLOAD -> download(random.nextInt(90), true);
            case ARRIVE -> download(random.nextInt(4), false);
            case END -> end(move);
            case WORK -> work();
            case TURN -> turnOnce();
            case CHECKED -> finishCheck();
            case WAIT -> passTime(TimeUnit.SECONDS.toNanos(31));
            case WATCH -> passTime(random.nextLong(WATCH.toNanos()));
            case RESTART -> restartNow();
            case KILL -> kill();
            case KILL_SOON -> "after " + (untilTheEnd = random.nextInt(12)) + " steps";
        };
        require(true, "nothing was violated");
        if (killed) {
            what += kill();
        }
        if (remembers) {
            trace.add("%s %s -> %s".formatted(move, what, state()));
        }
        checkAlways();
    }

    private String state() {
        Status now = status();
        return "active %d %s, canary %s, stage %s of %s, history %s, stopped %s, %s".formatted(now.serving().number(),
                active(), canary(), now.stage(), now.stages().keySet(), now.history().stream()
                        .map(each -> each.number() + " " + each.state()).toList(), serving.stopped(), now.note());
    }

    /** Ends the life, even if the code that has called catches the exception. */
    private void require(boolean holds, String sentence) {
        if (!holds && violated == null) {
            violated = new AssertionError(sentence);
        }
        if (violated != null) {
            throw violated;
        }
    }

    // Authors and operators

    private String save() {
        text = pick(KINDS) + " " + ++names;
        saved.add(text);
        return text;
    }

    private String operation(String what, Function<String, CompletableFuture<Attempt>> begin) {
        String by = "jo-" + ++names;
        operations.put(by, new Operation(what, begin.apply(by), new ArrayList<>()));
        return by;
    }

    private String back() {
        Served wanted;
        try {
            wanted = status().before();
        } catch (IllegalStateException none) {
            return "to nothing";
        }
        require(promoted.contains(wanted.files().get(FILE)), "routes rollback never chooses a set that was never"
                + " promoted");
        return backTo(wanted);
    }

    private String backTo(Served wanted) {
        return operation("rollback", by -> worker.rollback(wanted, by)) + " to " + wanted.number();
    }

    private String operate() {
        lookOfServing();
        Fake side = canaryGeneration() != null && random.nextBoolean() ? canaryGeneration() : current();
        String route = random.nextBoolean() ? "api" : Fake.SOURCE;
        boolean wasStarted = side.started.get(route);
        try {
            if (wasStarted) {
                side.stop(route);
                stopped.add(route);
            } else if (!(route.equals(Fake.SOURCE) && side != current())) {
                side.start(route);
                stopped.remove(route);
            }
        } catch (IllegalStateException failed) {
            return "cannot start " + route;
        }
        unseen = true;
        if (random.nextBoolean()) {
            lookOfServing();
        }
        return (wasStarted ? "stop " : "start ") + route + " in " + side.number();
    }

    private void lookOfServing() {
        serving.turn();
        unseen = false;
    }

    // Time and processes

    private String turnOnce() {
        worker.turn();
        afterTurn();
        return "";
    }

    private String passTime(long time) {
        nanos += time;
        return Duration.ofNanos(time) + turnOnce();
    }

    private String work() {
        int runs = 1 + random.nextInt(4);
        for (int i = 0; i < runs && !tasks.isEmpty() && !killed; i++) {
            tasks.remove().run();
        }
        return "";
    }

    private void afterTurn() {
        if (!killed) {
            lookOfServing();
            checkCanary();
        }
    }

    private String finishCheck() {
        work();
        CompletableFuture<Report> ends = running;
        if (ends == null || !ends.isDone() && text(checked).startsWith("hanging")) {
            return "none";
        }
        checksStuck = false;
        running = null;
        ends.complete(report(checked));
        while (!tasks.isEmpty() && !killed) {
            tasks.remove().run();
        }
        return text(checked);
    }

    private String restartNow() {
        tasks.add(worker::stop);
        while (!tasks.isEmpty() && !killed) {
            tasks.remove().run();
        }
        require(killed || operations.values().stream().allMatch(each -> each.done.isDone()),
                "a stop ends each attempt");
        end(Move.RESTART);
        serving.close();
        begin();
        return "";
    }

    private String kill() {
        killed = true;
        begin();
        return " killed";
    }

    private void begin() {
        operations.clear();
        requests.clear();
        stopped.clear();
        books.clear();
        outcomesToShow.clear();
        running = null;
        checksStuck = false;
        untilTheEnd = random.nextInt(20) == 0 ? random.nextInt(10) : -1;
        unseen = false;
        fresh = null;
        boolean resumable = durable != null && !durable.startsWith("queueless");
        String before = durable;
        try {
            start();
        } catch (InvalidRoutesException | RoutesNotStartedException failed) {
            require(!resumable, "a start serves the last promoted set");
            text = "good " + ++names;
            saved.add(text);
            fakes.clear();
            start();
        }
        if (killed) {
            begin();
            return;
        }
        untilTheEnd = -1;
        require(!resumable || active().equals(before), "a start serves the last promoted set");
        require(resumable || before == null || active().equals(text) || active().equals(before),
                "a start serves the last promoted set or the folder");
    }

    /** A process ends between any two of its effects. */
    @Override
    void at(String step) {
        if (step.equals("written") && serving.current() != null) {
            durable = active();
        }
        if (untilTheEnd >= 0 && untilTheEnd-- == 0) {
            killed = true;
        }
        long ticking = fakes.stream().filter(each -> each.ticks).count();
        require(killed || ticking <= 1, "sources run in exactly one generation");
    }

    // Customers

    private String download(int number, boolean ends) {
        boolean lies = !lie.equals("none") && random.nextBoolean();
        for (int i = 0; i < number; i++) {
            String app = lies ? LIAR : pick(HONEST);
            String session = app + random.nextInt(POOL);
            Entered entered = serving.enter(() -> session);
            Fake generation = (Fake) entered.generation();
            Request request = new Request(entered, generation, app, session, "file" + random.nextInt(3), nanos);
            checkEntry(request);
            if (ends) {
                end(request);
            } else {
                requests.add(request);
            }
        }
        return number + "";
    }

    private String end(Move all) {
        requests.forEach(this::end);
        requests.clear();
        if (all == Move.END) {
            lookOfServing();
        }
        return "";
    }

    private void checkEntry(Request request) {
        Fake generation = request.generation;
        Served canary = worker.status().canary();
        require(!generation.isClosed, "a request enters a generation that serves");
        require(generation == current() || generation == canaryGeneration(),
                "a request enters a generation that serves");
        if (request.entered.session() != null) {
            Book book = book(request.entered.session().canary());
            book.sessions.add(request.session);
            if (generation != current()) {
                book.onCanary.add(request.session);
            }
            double share = percent / 100.0;
            int most = (int) (book.sessions.size() * share
                    + 7 * Math.sqrt(book.sessions.size() * share * (1 - share)) + 7);
            require(book.onCanary.size() <= most, "at most the canary's share of sessions sees an unproven set");
        }
        require(canary != null || generation == current(), "only a canary shares the sessions");
    }

    private Book book(int canary) {
        return books.computeIfAbsent(canary, number -> new Book(nanos));
    }

    private void end(Request request) {
        require(!request.generation.isClosed, "a request stays in one generation");
        request.entered.generation().exit();
        if (request.entered.session() == null) {
            return;
        }
        int number = request.entered.session().canary();
        boolean isOnCanary = number == request.generation.number();
        String kind = request.app.equals(LIAR) ? lie(isOnCanary) : request.generation.text.split(" ")[0];
        boolean isLate = kind.equals("late");
        boolean isRefused = kind.equals("refusing") || kind.equals("throttling") && request.session.hashCode() % 2 == 0;
        Ending ending = kind.equals("harmful") ? Ending.FAILED
                : kind.equals("missing") || isRefused ? Ending.REFUSED : Ending.SERVED;
        Cause cause = kind.equals("missing") ? Cause.NOT_FOUND : ending == Ending.FAILED ? Cause.BROKEN : Cause.OTHER;
        long waited = isLate ? TimeUnit.SECONDS.toNanos(2) : 0;
        counted.count(number, facts(new Counted(request.entered.session().name(), isOnCanary, request.app,
                "tenant of " + request.app, request.file, ending, cause, waited, waited + nanos - request.start)));
        Book book = book(number);
        Fake canary = canaryGeneration();
        if (canary == null || canary.number() != number) {
            return;
        }
        book.apps.add(request.app);
        book.served |= isOnCanary && ending == Ending.SERVED;
        if (isOnCanary && (ending != Ending.SERVED || isLate)) {
            Book.add(book.harmed, request.app, request.session);
        }
        if (ending == Ending.FAILED && isOnCanary) {
            Book.add(book.failed, request.app, request.session);
        } else if (ending == Ending.FAILED && !request.app.equals(LIAR)) {
            book.failedOfOthers.add(request.session);
        }
        if (isRefused && isOnCanary) {
            Book.add(book.refused, request.app, request.session);
        }
        book.refusedOfOthers |= isRefused && !isOnCanary;
    }

    /** A liar makes its own downloads fail, as those of a client do that sends wrong requests. */
    private String lie(boolean isOnCanary) {
        return lie.equals("frames") && isOnCanary || lie.equals("covers") && !isOnCanary ? "harmful" : "good";
    }

    Counted facts(Counted download) {
        return download;
    }

    // What the worker does

    @Override
    Canary canary(Served served) {
        books.put(served.number(), new Book(nanos));
        return comparison(served);
    }

    Canary comparison(Served served) {
        return new Canary(served, percent, WATCH, counted, () -> nanos, keysOfFiles);
    }

    @Override
    Random keys() {
        return new Random(random.nextLong());
    }

    @Override
    CompletableFuture<Report> check(RouteFiles files) {
        require(!checksStuck, "no check runs beside one that has not ended");
        checksStuck = true;
        checked = files;
        running = new CompletableFuture<>();
        return running;
    }

    @Override
    void activated(Fake active) {
        if (!killed && promoted.add(active.text)) {
            fresh = active.text;
        }
    }

    /** Judges who gave a set to all sessions, and what the canary decided. */
    @Override
    void audit(String event, String... namesAndTexts) {
        at(event);
        String by = namesAndTexts[1];
        if (fresh != null && event.equals("routes loaded")) {
            Operation operation = operations.get(by.split(",")[0]);
            boolean isByHand = operation != null && Set.of("accept", "rollback").contains(operation.what);
            boolean isFirst = by.equals("start") && (durable == null || durable.startsWith("queueless"));
            require(percent == 0 || isByHand || isFirst, "all sessions get a set only after a canary or by hand");
        }
        fresh = null;
        if (by.equals("canary")) {
            outcomesToShow.clear();
            outcomesToShow.add(switch (event) {
                case "routes promoted" -> checkPromotion(book(Integer.parseInt(namesAndTexts[3])));
                case "routes withdrawn" -> checkHarm(book(Integer.parseInt(namesAndTexts[3])));
                default -> "rejected";
            });
        }
        operations.entrySet().stream().filter(each -> by.equals(each.getKey()) || by.startsWith(each.getKey() + ","))
                .forEach(each -> each.getValue().lines.add(event));
    }

    private String checkPromotion(Book book) {
        require(nanos - book.begin >= WATCH.toNanos(), "a canary is watched to its end");
        require(book.served, "a canary that has served nobody is not promoted by time");
        require(Book.withoutMost(book.refused) < 12 || book.refusedOfOthers,
                "a canary that refuses sessions is not promoted by time");
        return "serves";
    }

    private String checkHarm(Book book) {
        require(book.apps.size() < 2 || book.harmed.size() > 1 || canary().startsWith("queueless"),
                "no app decides about an edit");
        return "rolled back";
    }

    @Override
    void show(Status status) {
        outcomesToShow.removeAll(status.stages().keySet());
    }

    // What must hold

    private Fake current() {
        return (Fake) serving.current();
    }

    /** Returns the generation that some sessions get; {@code null} without one. */
    private Fake canaryGeneration() {
        Served canary = status().canary();
        return canary == null ? null : fakes.stream().filter(each -> each.number() == canary.number())
                .reduce((first, last) -> last).orElse(null);
    }

    private void checkAlways() {
        Status now = status();
        require(now.serving().number() == current().number(), "the state names the generation that serves");
        List<Served> active = now.history().stream().filter(each -> each.state() == State.ACTIVE).toList();
        require(now.history().stream().filter(Served::wasActive).allMatch(each -> promoted.contains(each.files()
                .get(FILE))), "the history names as active only what all sessions have had");
        require(active.size() == 1 && active.get(0).number() == now.serving().number(),
                "the active generation, and no other as active, is in the history");
        require(now.history().stream().filter(Served::wasActive).count() <= History.LENGTH
                && now.history().size() <= 2 * History.LENGTH, "the history is bounded");
        require(now.canary() == null || now.stage() != null && now.stages().containsKey("watching"),
                "nothing hides the stage of a canary");
        require(outcomesToShow.isEmpty(), "the outcome of a canary is shown");
        if (!unseen) {
            checkRoutes(current(), true);
            if (canaryGeneration() != null) {
                checkRoutes(canaryGeneration(), false);
            }
        }
        operations.forEach((by, each) -> {
            List<String> lines = new ArrayList<>(each.lines);
            if (lines.size() > 1) {
                // The end of a canary is a line besides that of the edit that ended it.
                lines.remove("routes withdrawn");
            }
            boolean isDone = each.done.isDone();
            require(lines.size() == (isDone ? 1 : 0), "an attempt has one outcome and one line in the audit log, and "
                    + each.what + " has " + (isDone ? each.done.join().outcome() : "none") + " and " + each.lines);
        });
        operations.values().removeIf(each -> each.done.isDone());
    }

    private void checkRoutes(Fake generation, boolean isActive) {
        require(generation.started.get("api") != stopped.contains("api"), "an operator's stopped route is the same on"
                + " both sides and after");
        require(isActive ? generation.ticks != stopped.contains(Fake.SOURCE) : !generation.ticks,
                "sources run in the active generation unless an operator has stopped them");
    }

    /** After a turn, which is every 100 ms. */
    private void checkCanary() {
        Served canary = status().canary();
        if (canary == null) {
            return;
        }
        Book book = book(canary.number());
        boolean isClean = book.harmed.isEmpty() && book.served;
        require(!isClean || nanos - book.begin < WATCH.toNanos(), "a canary past its time is promoted");
        int enough = percent == 50 ? 20 : 6;
        require(!book.failedOfOthers.isEmpty() || HONEST.stream()
                .anyMatch(app -> book.failed.getOrDefault(app, Set.of()).size() < enough), "harm is rolled back");
    }
}

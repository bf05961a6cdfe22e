package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.testing.Rehearsal.Outcome;
import org.ccmessaging.filestream.storage.ConfinedLocation;
import org.ccmessaging.filestream.storage.StorageSettings.Branch;
import org.ccmessaging.filestream.storage.StorageSettings.Type;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * Replays requests of customers, some at a time, and observes where each one ends.
 *
 * @param catalogue as in {@link Recorder.Run}
 * @param clauses the id of the clause to which a step belongs, by the step's name
 */
record Replay(Recorder recorder, Client client, URI service, Map<String, List<Recorder.Mock>> mocks,
        BinaryOperator<String> catalogue, Map<String, Branch> branches, Map<String, String> clauses) {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String FRAME = "download-file-stream";

    private static final int AT_A_TIME = 4;

    /** The content only has to be there, and a thousand files of some MB have no room. */
    private static final int LARGEST = 1024;

    /** Time for all replays. A thousand take a second or two. */
    private static final long LONGEST_SECONDS = 20;

    static Map<String, String> clauses(RouteSet set) {
        Map<String, String> clauses = new HashMap<>();
        set.configurations().forEach(all -> all.children().forEach(clause -> clause.allSteps()
                .forEach(step -> clauses.put(Recorder.name(step), clause.id()))));
        return clauses;
    }

    /** Puts exactly the objects that the requests found. Their contents are made from their keys. */
    void putFiles(Store store, List<Seen> seen) {
        seen.stream().filter(each -> each.size() >= 0 && each.key() != null).forEach(each -> {
            Branch branch = branches.get(each.branch());
            if (branch != null && branch.type() == Type.S3) {
                store.put(branch.bucket(), each.key(), Arrays.copyOf(each.key().getBytes(StandardCharsets.UTF_8),
                        (int) Math.min(each.size(), LARGEST)));
            }
        });
    }

    Map<Integer, Outcome> run(List<Seen> seen, Collection<Integer> which) throws InterruptedException {
        Map<Integer, Outcome> outcomes = new ConcurrentHashMap<>();
        // A route that follows a download calls no other system either.
        recorder.run(run("replays", exchange -> { }));
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            which.forEach(index -> threads.execute(
                    () -> run(seen.get(index), index).ifPresent(outcome -> outcomes.put(index, outcome))));
            threads.shutdown();
            threads.awaitTermination(LONGEST_SECONDS, TimeUnit.SECONDS);
            return Map.copyOf(outcomes);
        } finally {
            threads.shutdownNow();
        }
    }

    private Recorder.Run run(String requestId, Consumer<Exchange> watcher) {
        return new Recorder.Run(requestId, mocks, catalogue, Collections.synchronizedList(new ArrayList<>()),
                new CopyOnWriteArrayList<>(), watcher);
    }

    /** Returns nothing if there was no response, which proves nothing. */
    private Optional<Outcome> run(Seen seen, int index) {
        AtomicReference<Outcome> place = new AtomicReference<>(Outcome.NONE);
        Recorder.Run run =
                run("replay-" + index, exchange -> place.updateAndGet(before -> place(exchange, before)));
        recorder.replay(run);
        try {
            Value request = TestFiles.of(Rehearsal.test(seen)).orElseThrow().request();
            JsonNode json = JSON.readTree(client.send(service, request, null, run.requestId()).body());
            String code = json.path("resultCode").asText(json.path("errorCode").asText());
            List<String> steps = List.copyOf(run.steps());
            int end = (int) steps.stream().takeWhile(step -> !clauses.containsKey(step)).count();
            boolean failed = end > 0 && end < steps.size();
            return Optional.of(place.get().with(code, failed ? clauses.get(steps.get(end)) : null,
                    failed ? steps.get(end - 1) : null));
        } catch (IOException | RuntimeException none) {
            // Its message may have a header of a customer.
            return Optional.empty();
        } catch (InterruptedException late) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** A copy of an exchange, and one that follows the download, have no location and know less. */
    private Outcome place(Exchange exchange, Outcome before) {
        ObjectLocation location = ConfinedLocation.of(exchange);
        if (location == null && before.key() != null || !FRAME.equals(exchange.getFromRouteId())) {
            return before;
        }
        Object branch = location != null ? location.branch() : exchange.getVariable(Variables.BRANCH);
        Throwable failure = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        return new Outcome(null, branches.containsKey(branch) ? branch.toString() : Outcome.NONE.branch(),
                location == null ? null : location.key(), null, null, Cause.of(failure) == Cause.NOT_FOUND);
    }
}

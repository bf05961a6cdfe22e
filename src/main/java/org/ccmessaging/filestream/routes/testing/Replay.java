package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.testing.Recorder.Mock;
import org.ccmessaging.filestream.storage.ConfinedLocation;
import org.ccmessaging.filestream.storage.StorageSettings.Branch;
import org.ccmessaging.filestream.storage.StorageSettings.Type;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/** Replays requests of customers, and observes where each one ends. Nothing of them is on a disk. */
record Replay(TestService service, RouteSet set, Store store) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The route that receives the requests. */
    static final String FRAME = "download-file-stream";

    /** The content only has to be there, and a thousand files of some MB have no room. */
    private static final int LARGEST = 1024;

    /** Time for all replays. A thousand take some seconds. */
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);

    /** Steps, and beans of steps, that would delay or refuse replays, which come faster than customers. */
    private static final Set<String> PACE = Set.of("throttle", "delay", "admit");

    /** Returns the outcomes by index; fewer if there was no time for the others. */
    Map<Integer, Outcome> run(List<Seen> seen) throws InterruptedException {
        putFiles(seen);
        MultiValueMap<String, Mock> mocks = mocks(seen);
        Map<String, String> clauses = clauses();
        Map<Integer, Outcome> outcomes = new HashMap<>();
        long end = System.nanoTime() + LONGEST_NANOS;
        for (int index = 0; index < seen.size() && System.nanoTime() < end; index++) {
            int current = index;
            run(seen.get(index), mocks, clauses).ifPresent(outcome -> outcomes.put(current, outcome));
        }
        return outcomes;
    }

    /** Puts exactly the objects that the requests found. Their contents are made from their keys. */
    private void putFiles(List<Seen> seen) {
        seen.stream().filter(each -> each.size() >= 0 && each.key() != null).forEach(each -> {
            Map<String, String> tags = new HashMap<>(service.requiredTags(each.branch()));
            tags.replaceAll((tag, clean) -> each.notClean() ? "not " + clean : clean);
            store.put(bucket(each.branch()), each.key(), Arrays.copyOf(
                    each.key().getBytes(StandardCharsets.UTF_8), (int) Math.min(each.size(), LARGEST)), tags);
        });
    }

    /** Returns the bucket of a branch. For the files of a folder, no bucket has such a name. */
    private String bucket(String branch) {
        Branch its = service.branches().get(branch);
        return its != null && its.type() == Type.S3 ? its.bucket() : "folder of " + branch;
    }

    /** Returns the mocks of steps that would use a disk, a server or more time. */
    private MultiValueMap<String, Mock> mocks(List<Seen> seen) {
        MultiValueMap<String, Mock> all = new LinkedMultiValueMap<>();
        set.allSteps().forEach(each -> {
            String name = Recorder.name(each);
            String bean = each.field("ref").text();
            if (PACE.contains(each.name()) || PACE.contains(bean)) {
                all.add(name, (step, exchange) -> true);
            } else if (bean.equals(Mocks.REQUEST_STREAM)) {
                all.add(name, (step, exchange) -> Mocks.leave(step, exchange, "a file"));
            } else if (bean.equals("openFile")) {
                all.add(name, (step, exchange) -> open(exchange));
            }
        });
        // The first mock of a step counts.
        service.callingOutside()
                .forEach(name -> all.add(name, (step, exchange) -> Mocks.leave(step, exchange, "")));
        Map<List<String>, String> rows = new HashMap<>();
        seen.stream().filter(each -> each.lookedUp() != null).forEach(each -> rows.put(
                Arrays.asList(each.asked().tenant(), each.asked().request().fileId()), each.lookedUp()));
        service.addCatalogue(all, (tenant, id) -> rows.get(Arrays.asList(tenant, id)));
        return all;
    }

    /** Opens a file as step {@code open-file} does. */
    private boolean open(Exchange exchange) {
        ObjectLocation location = ConfinedLocation.require(exchange);
        StoredObject file = store.open(bucket(location.branch()), location.key());
        if (file == null) {
            throw new ObjectNotFoundException("no such file: " + location);
        }
        file.attachTo(exchange);
        return true;
    }

    /** Returns the id of the clause to which a step belongs, by the step's name. */
    private Map<String, String> clauses() {
        Map<String, String> clauses = new HashMap<>();
        set.configurations().forEach(all -> all.children().forEach(clause -> clause.allSteps()
                .forEach(step -> clauses.put(Recorder.name(step), clause.id()))));
        return clauses;
    }

    /** Returns nothing if there was no response, which proves nothing. */
    private Optional<Outcome> run(Seen seen, MultiValueMap<String, Mock> mocks, Map<String, String> clauses)
            throws InterruptedException {
        AtomicReference<Outcome> place = new AtomicReference<>(Outcome.NONE);
        Recorder.Run run = new Recorder.Run(UUID.randomUUID().toString(), mocks,
                exchange -> place.updateAndGet(before -> place(exchange, before)));
        try {
            Value request = TestFiles.of(Rehearsal.test(seen)).orElseThrow().request();
            HttpResponse<String> response = service.send(request, null, run);
            JsonNode json = JSON.readTree(response.body());
            Set<String> headers = service.responseHeaders()
                    .filter(name -> response.headers().firstValue(name).isPresent()).collect(Collectors.toSet());
            String code = json.path("resultCode").asText(json.path("errorCode").asText());
            List<String> steps = List.copyOf(run.steps());
            int end = (int) steps.stream().takeWhile(step -> !clauses.containsKey(step)).count();
            boolean failed = end > 0 && end < steps.size();
            return Optional.of(place.get().with(code, headers, failed ? clauses.get(steps.get(end)) : null,
                    failed ? steps.get(end - 1) : null));
        } catch (IOException | RuntimeException none) {
            // Its message may have a header of a customer.
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
        return new Outcome(null, service.branches().containsKey(branch) ? branch.toString() : Outcome.NONE.branch(),
                location == null ? null : location.key(), Set.of(), null, null, Cause.of(failure) == Cause.NOT_FOUND);
    }
}

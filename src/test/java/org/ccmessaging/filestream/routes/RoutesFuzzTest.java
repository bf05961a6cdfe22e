package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Check;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.springframework.context.ApplicationContext;
import org.yaml.snakeyaml.Yaml;

/**
 * Edits of the shipped routes that move, copy, remove and mix their values, and those of the good edits. The check
 * reports each in lines of its file, and a generation of each that passes the check starts.
 */
@Tag("service")
class RoutesFuzzTest {

    private static final Path FOLDER = Path.of("routes");
    private static final Map<String, String> SHIPPED = new TreeMap<>();

    /** The values of the shipped files and of the good edits. */
    private static final List<Slot> DONORS = new ArrayList<>();
    private static final Object[] ODD = {"", "0", 0, -1, true, null, "${body}", "${variable.objectKey}", "${", "{{x}}",
        "direct:storage-local", "ref:x", "1s", List.of(), Map.of(), "\u2028\n", "x".repeat(5_000)};

    private static Service service;

    /** A value in its list or map. */
    private record Slot(Object parent, Object key, Object value) {

        @SuppressWarnings("unchecked")
        private void put(Object name, Object other) {
            if (parent instanceof List<?>) {
                ((List<Object>) parent).set((Integer) key, other);
            } else {
                ((Map<Object, Object>) parent).put(name, other);
            }
        }

        @SuppressWarnings("unchecked")
        private void insert(Object item) {
            List<Object> items = (List<Object>) parent;
            items.add(Math.min((Integer) key, items.size()), item);
        }

        private void remove() {
            if (parent instanceof List<?> list) {
                list.remove((int) (Integer) key);
            } else {
                ((Map<?, ?>) parent).remove(key);
            }
        }

        private boolean isItem() {
            return parent instanceof List<?> && value instanceof Map<?, ?>;
        }

        /** A step is a map with one key. */
        private boolean isStep() {
            return isItem() && ((Map<?, ?>) value).size() == 1;
        }

        private boolean isLike(Slot other) {
            return key.equals(other.key) && value instanceof Map<?, ?> == other.value instanceof Map<?, ?>
                    && value instanceof List<?> == other.value instanceof List<?>;
        }
    }

    @BeforeAll
    static void start() throws IOException {
        Map<String, Object> settings = Stage.onFolder(Path.of(System.getProperty("java.io.tmpdir")));
        // The check has a stand-in for each bean that a step may name, and a generation needs the bean.
        settings.put("spring.datasource.url", "jdbc:h2:mem:edited-routes");
        service = Service.start(settings);
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(RouteFiles::isOne).filter(file -> !ShippedRoutes.isFrame(file)).toList()) {
                SHIPPED.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        SHIPPED.values().forEach(text -> collect(new Yaml().load(text), DONORS));
        // The steps of the good edits are texts in their files.
        List<Slot> edits = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/route-edits/good"))) {
            files.sorted().map(RoutesFuzzTest::text).forEach(text -> collect(new Yaml().load(text), edits));
        }
        edits.stream().map(Slot::value).filter(String.class::isInstance).map(Object::toString)
                .filter(text -> text.startsWith("- ")).forEach(text -> collect(new Yaml().load(text), DONORS));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void collect(Object value, List<Slot> into) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, below) -> into.add(new Slot(map, key, below)));
            map.values().forEach(below -> collect(below, into));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                into.add(new Slot(list, i, list.get(i)));
                collect(list.get(i), into);
            }
        }
    }

    /** A copy whose IDs are new. */
    private static Object copy(Object value, FuzzedDataProvider data) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, below) -> copy.put(key, key.equals("id") ? "id-" + data.remainingBytes() + "-" + below
                    : copy(below, data)));
            return copy;
        }
        return value instanceof List<?> list ? new ArrayList<>(list.stream().map(below -> copy(below, data)).toList())
                : value;
    }

    private static Slot donor(Predicate<Slot> like, FuzzedDataProvider data) {
        List<Slot> donors = DONORS.stream().filter(like).toList();
        return data.pickValue(donors.isEmpty() ? DONORS : donors);
    }

    /** Prefers edits after which fields still have values of their types, so that many pass the check. */
    private static void edit(List<Map<?, ?>> routes, FuzzedDataProvider data) {
        List<Slot> slots = new ArrayList<>();
        routes.forEach(route -> collect(route.values().iterator().next(), slots));
        List<Slot> items = slots.stream().filter(Slot::isItem).toList();
        List<Slot> fields = slots.stream().filter(slot -> slot.parent instanceof Map<?, ?>).toList();
        if (items.isEmpty() || fields.isEmpty()) {
            return;
        }
        Slot slot = data.pickValue(data.consumeBoolean() ? items : fields);
        switch (data.consumeInt(0, 7)) {
            case 0 -> slot.remove();
            case 1 -> slot.put(slot.key, data.pickValue(ODD));
            case 2 -> slot.put(slot.key, copy(data.pickValue(DONORS).value, data));
            case 3 -> {
                Slot place = data.pickValue(items);
                place.insert(copy(donor(donor -> donor.isItem() && donor.isStep() == place.isStep(), data).value,
                        data));
            }
            case 4 -> {
                Slot moved = data.pickValue(items);
                moved.remove();
                data.pickValue(items).insert(moved.value);
            }
            case 5 -> {
                // A field that a map of the same kind has.
                Slot near = data.pickValue(fields);
                Slot field = donor(donor -> donor.parent instanceof Map<?, ?> map && map.containsKey(near.key), data);
                near.put(field.key, copy(field.value, data));
            }
            default -> slot.put(slot.key, copy(donor(slot::isLike, data).value, data));
        }
    }

    @FuzzTest
    void edit(FuzzedDataProvider data) {
        Map<String, String> texts = new TreeMap<>(SHIPPED);
        for (int edits = data.consumeInt(1, 4); edits > 0; edits--) {
            String file = data.pickValue(List.copyOf(SHIPPED.keySet()));
            List<Map<?, ?>> routes = new Yaml().load(texts.get(file));
            edit(routes, data);
            texts.put(file, new Yaml().dump(routes));
        }
        RouteFiles files = RouteFiles.of(FOLDER, texts);

        Report report = service.bean(Check.class).run(files);

        assertThat(report.findings()).allSatisfy(finding -> {
            assertThat(Report.lines(finding)).noneMatch(line -> line.lines().count() > 1);
            String text = texts.getOrDefault(finding.place().file().getFileName().toString(), "");
            assertThat(finding.place().line()).isLessThanOrEqualTo((int) text.lines().count() + 1);
        });
        if (!report.hasErrors()) {
            ApplicationContext application = ((Service.InProcess) service).context();
            assertThatNoException().as(() -> texts.toString())
                    .isThrownBy(() -> Generation.start(application, 1_000, files).close());
        }
    }
}

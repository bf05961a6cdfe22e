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

    /** Values of route files by place: each list and each map of the shipped files and of the good edits. */
    private static final List<Slot> DONORS = new ArrayList<>();
    private static final Object[] ODD = {"", "0", 0, -1, true, null, "${body}", "${variable.objectKey}", "${", "{{x}}",
        "direct:storage-local", "ref:x", "1s", List.of(), Map.of(), "\u2028\n", "x".repeat(5_000)};

    private static Service service;

    /** A value in its list or map. */
    private record Slot(Object parent, Object key, Object value) {

        @SuppressWarnings("unchecked")
        private void put(Object other) {
            if (parent instanceof List<?>) {
                ((List<Object>) parent).set((Integer) key, other);
            } else {
                ((Map<Object, Object>) parent).put(key, other);
            }
        }

        @SuppressWarnings("unchecked")
        private void insert(Slot other, Object copy) {
            if (parent instanceof List<?>) {
                ((List<Object>) parent).add((Integer) key, copy);
            } else {
                ((Map<Object, Object>) parent).put(other.parent instanceof List<?> ? key : other.key, copy);
            }
        }

        private void remove() {
            if (parent instanceof List<?> list) {
                list.remove((int) (Integer) key);
            } else {
                ((Map<?, ?>) parent).remove(key);
            }
        }
    }

    @BeforeAll
    static void start() throws IOException {
        Map<String, Object> settings = new TreeMap<>();
        for (String branch : Stage.BRANCHES) {
            settings.put("filestream.storage." + branch + ".type", "filesystem");
            settings.put("filestream.storage." + branch + ".root", System.getProperty("java.io.tmpdir"));
        }
        service = Service.start(settings);
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(RouteFiles::isOne).filter(file -> !ShippedRoutes.isFrame(file)).toList()) {
                SHIPPED.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        try (Stream<Path> edits = Files.list(Path.of("src/test/resources/route-edits/good"))) {
            Stream.concat(SHIPPED.values().stream(), edits.sorted().map(RoutesFuzzTest::text))
                    .forEach(text -> collect(new Yaml().load(text), DONORS));
        }
        // Fragments of the good edits are text in their files.
        List.copyOf(DONORS).stream().map(Slot::value).filter(String.class::isInstance).map(Object::toString)
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

    private static void edit(Object routes, FuzzedDataProvider data) {
        List<Slot> slots = new ArrayList<>();
        collect(routes, slots);
        if (slots.isEmpty()) {
            return;
        }
        Slot slot = data.pickValue(slots);
        Slot donor = data.pickValue(data.consumeBoolean() ? DONORS : slots);
        List<Slot> alike = DONORS.stream().filter(one -> one.key.equals(slot.key)).toList();
        switch (data.consumeInt(0, 5)) {
            case 0 -> slot.remove();
            case 1 -> slot.put(alike.isEmpty() ? null : copy(data.pickValue(alike).value, data));
            case 2 -> slot.put(copy(donor.value, data));
            case 3 -> slot.insert(donor, copy(donor.value, data));
            case 4 -> slot.put(data.pickValue(ODD));
            default -> {
                Slot moved = data.pickValue(slots);
                Object copy = copy(moved.value, data);
                moved.remove();
                slot.insert(moved, copy);
            }
        }
    }

    @FuzzTest
    void edit(FuzzedDataProvider data) {
        Map<String, String> texts = new TreeMap<>(SHIPPED);
        for (int edits = data.consumeInt(1, 4); edits > 0; edits--) {
            String file = data.pickValue(List.copyOf(SHIPPED.keySet()));
            Object routes = new Yaml().load(texts.get(file));
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

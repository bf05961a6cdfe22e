package org.ccmessaging.filestream.support;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.springframework.util.FileSystemUtils;

/**
 * A service whose three branches use one kind of storage, and that storage. Clients act for tenant {@code demo} and
 * must never read a file of tenant {@code other}.
 */
public final class Stage implements AutoCloseable {

    public static final List<String> BRANCHES = List.of("local", "multimedia-library", "standard");

    /** The content of every file that is not tenant demo's. No response may contain it. */
    public static final String CANARY = "another tenant's secret";

    /** The lock of tests that start a service with a console, since its MBeans are the JVM's. */
    public static final String MBEANS = "MBeans";

    /** The largest file that the service serves, in bytes. */
    public static final int MAX_FILE_SIZE = 3 * 1024 * 1024;

    public enum Kind { S3, FILESYSTEM }

    private final Kind kind;
    private final EmbeddedS3 s3;
    private final FaultyServer link;
    private final Path root;
    private final Service service;

    /** @param more settings; an endpoint among them is that of another store, and the stage then has none */
    public Stage(Kind kind, Map<String, Object> more, Class<?>... beans) throws Exception {
        this(kind, more, false, settings -> Service.start(settings, beans));
    }

    private Stage(Kind kind, Map<String, Object> more, boolean breakable, Function<Map<String, Object>, Service> start)
            throws Exception {
        this.kind = kind;
        this.root = Files.createTempDirectory("filestream-stage").toRealPath();
        this.s3 = kind == Kind.S3 && !more.containsKey("filestream.s3.endpoint") ? EmbeddedS3.inMemory(BRANCHES) : null;
        this.link = breakable ? new FaultyServer(s3.endpoint()) : null;
        Map<String, Object> settings = new HashMap<>();
        settings.put("filestream.auth.token-endpoints", "true");
        settings.put("filestream.auth.apps.demo-app.secret", "{noop}demo-secret");
        settings.put("filestream.auth.apps.demo-app.tenant-id", "demo");
        settings.put("filestream.download.max-file-size", MAX_FILE_SIZE + "B");
        // A client shares two processors with two other JVMs, and a handshake may then take longer than 10 s.
        settings.put("filestream.http.header-timeout", "1m");
        if (kind == Kind.S3) {
            settings.putAll(s3 == null
                    ? EmbeddedS3.settings(URI.create(more.get("filestream.s3.endpoint").toString())) : storeSettings());
        }
        for (String branch : BRANCHES) {
            settings.put("filestream.storage." + branch + ".type", kind.name().toLowerCase(Locale.ROOT));
            settings.put("filestream.storage." + branch + ".root", root.resolve(branch).toString());
            Files.createDirectories(root.resolve(branch).resolve("demo"));
        }
        settings.putAll(more);
        this.service = start.apply(settings);
    }

    public static Stage ofJar(Kind kind, Map<String, Object> settings) throws Exception {
        return new Stage(kind, settings, false, JarProcess::start);
    }

    /** A stage whose service soon gives up on its store, which is elsewhere. */
    public static Stage impatient(Map<String, Object> settings, Class<?>... beans) throws Exception {
        return new Stage(Kind.S3, withImpatience(settings), beans);
    }

    /** The same with a store of scripts. None of them is silent for as long as a busy machine may be. */
    public static Stage impatient(FaultyServer store, Map<String, Object> settings, Class<?>... beans)
            throws Exception {
        Map<String, Object> all = new HashMap<>(Map.of("filestream.s3.read-timeout", "10s"));
        all.putAll(settings);
        all.put("filestream.s3.endpoint", store.endpoint());
        return impatient(all, beans);
    }

    /** The same with a store of its own, and a link to it that breaks when a test tells it to. */
    public static Stage breakable(Map<String, Object> settings, Class<?>... beans) throws Exception {
        Map<String, Object> all = withImpatience(Map.of(
                // So that no probe in the background meets a fault that is for a download.
                "filestream.health.probe-interval", "10m",
                // The circuit would answer in place of a store whose tests break most reads, if they are quick.
                "filestream.s3.circuit-open-time", "0s"));
        all.putAll(settings);
        return new Stage(Kind.S3, all, true, complete -> Service.start(complete, beans));
    }

    private static Map<String, Object> withImpatience(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "filestream.s3.connect-timeout", "5s", "filestream.s3.read-timeout", "1s",
                "filestream.s3.max-attempts", "2", "filestream.download.max-file-size", "200MB"));
        all.putAll(settings);
        return all;
    }

    /** Settings of a service whose three branches are one folder. */
    public static Map<String, Object> onFolder(Path folder) {
        Map<String, Object> settings = new HashMap<>();
        for (String branch : BRANCHES) {
            settings.put("filestream.storage." + branch + ".type", "filesystem");
            settings.put("filestream.storage." + branch + ".root", folder.toString());
        }
        return settings;
    }

    public Service service() {
        return service;
    }

    public Api api() {
        return service.api();
    }

    public EmbeddedS3 s3() {
        return s3;
    }

    /** The link of a {@link #breakable} stage. */
    public FaultyServer link() {
        return link;
    }

    /** What makes another service reach the store as this one does. */
    public Map<String, Object> storeSettings() {
        return EmbeddedS3.settings(link == null ? s3.endpoint() : link.endpoint());
    }

    public Path root() {
        return root;
    }

    /** What the service says of the storage of a branch. */
    public JsonNode health(String branch) {
        return service.management().get("/actuator/health/storage").json()
                .at("/components/storages/components").path(branch);
    }

    public String metrics() {
        return service.metrics();
    }

    public double metric(String nameAndLabels) {
        return service.metric(nameAndLabels);
    }

    public void awaitInFlight(int downloads) {
        await().atMost(Duration.ofSeconds(60)).until(() -> metric("filestream_downloads_in_flight") == downloads);
    }

    public void put(String branch, String name, byte[] content) {
        putAt(branch, "demo/" + name, content);
    }

    public void putAt(String branch, String key, byte[] content) {
        if (kind == Kind.S3) {
            s3.put(branch, key, content);
            return;
        }
        Path file = root.resolve(branch).resolve(key);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Bytes of all values; the same bytes for the same length. */
    public static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    @Override
    public void close() {
        service.close();
        if (link != null) {
            link.close();
        }
        if (s3 != null) {
            s3.close();
        }
        try {
            FileSystemUtils.deleteRecursively(root);
        } catch (IOException left) {
            throw new UncheckedIOException(left);
        }
    }

    @Override
    public String toString() {
        return kind.name();
    }
}

package org.ccmessaging.filestream.support;

import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An S3 server, a link to it that breaks when a test tells it to, and a service that soon gives up on it. A static
 * field with {@code @RegisterExtension} starts them for a class, heals the link after each test and closes them at the
 * end.
 */
public final class FaultyStore implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private final Map<String, Object> more;
    private final Class<?>[] beans;
    private EmbeddedS3 s3;
    private FaultyLink link;
    private Stage stage;

    public FaultyStore() {
        this(Map.of());
    }

    /**
     * @param more settings of the service
     * @param beans to add to the service
     */
    public FaultyStore(Map<String, Object> more, Class<?>... beans) {
        this.more = more;
        this.beans = beans;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        s3 = EmbeddedS3.inMemory(Stage.BRANCHES);
        link = new FaultyLink(s3.endpoint());
        Map<String, Object> all = new HashMap<>(settings());
        // So that no probe in the background meets a fault that is for a download.
        all.put("filestream.health.probe-interval", "10m");
        // The circuit would answer in place of a store whose tests break most reads, if they are quick.
        all.put("filestream.s3.circuit-open-time", "0s");
        all.putAll(more);
        stage = Stage.impatient(all, beans);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        link.heal();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        for (AutoCloseable each : new AutoCloseable[] {stage, link, s3}) {
            if (each != null) {
                close(each);
            }
        }
    }

    private static void close(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception unclosable) {
            throw new IllegalStateException(unclosable);
        }
    }

    public FaultyLink link() {
        return link;
    }

    /** The API of the service. */
    public Api api() {
        return stage.api();
    }

    public Service service() {
        return stage.service();
    }

    /** What makes another service reach the server through the link. */
    public Map<String, Object> settings() {
        return EmbeddedS3.settings(link.endpoint());
    }

    /** What makes another service reach the server directly. */
    public Map<String, Object> directSettings() {
        return s3.settings();
    }

    /** Stores a file for tenant demo; it does not pass the link. */
    public void put(String branch, String name, byte[] content) {
        s3.put(branch, "demo/" + name, content);
    }
}

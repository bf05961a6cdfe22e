package org.ccmessaging.filestream.support;

import java.util.HashMap;
import java.util.Map;

/** An S3 server behind a link that breaks when a test tells it to; what is put there does not pass the link. */
public final class FaultyStore implements AutoCloseable {

    /** Settings of services that are not to wait long for a store that is broken. */
    public static final Map<String, Object> IMPATIENT = Map.of(
            "filestream.s3.connect-timeout", "500ms",
            "filestream.s3.read-timeout", "1s",
            "filestream.s3.max-attempts", "2",
            "filestream.download.max-file-size", "200MB");

    private final Stage stage;
    private final FaultyLink link;

    public FaultyStore() throws Exception {
        stage = new Stage(Stage.Kind.S3, Map.of());
        link = new FaultyLink(stage.s3().endpoint());
    }

    /** A service that soon gives up on its store. */
    public static Stage impatient(Map<String, Object> settings) throws Exception {
        Map<String, Object> all = new HashMap<>(IMPATIENT);
        all.putAll(settings);
        return new Stage(Stage.Kind.S3, all);
    }

    /** What the server belongs to, whose own service reaches it without the link. */
    public Stage stage() {
        return stage;
    }

    public FaultyLink link() {
        return link;
    }

    /** What makes a service reach the server through the link. */
    public Map<String, Object> settings() {
        return stage.s3().settings(link.endpoint());
    }

    /** Stores a file for tenant demo. */
    public void put(String branch, String name, byte[] content) {
        stage.put(branch, name, content);
    }

    @Override
    public void close() {
        link.close();
        stage.close();
    }
}

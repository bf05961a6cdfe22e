package org.ccmessaging.filestream.support;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The two stages that test classes share, because their start takes longer than most tests. A class that has this
 * extension calls {@link #s3()} or {@link #filesystem()}, and the first call of each starts the stage. Both stop after
 * the last test.
 */
public final class Stages implements BeforeAllCallback {

    /** For a class whose tests use the stages side by side. */
    @Retention(RetentionPolicy.RUNTIME)
    @ExtendWith(Stages.class)
    @Execution(ExecutionMode.CONCURRENT)
    public @interface Concurrent { }

    private static volatile Store shared;

    @Override
    public void beforeAll(ExtensionContext context) {
        shared = context.getRoot().getStore(Namespace.create(Stages.class));
    }

    private static Stage start(Stage.Kind kind) {
        try {
            Stage stage = new Stage(kind, Map.of());
            for (String branch : Stage.BRANCHES) {
                stage.put(branch, "hello.txt", Stage.content(100));
                stage.put(branch, "large.bin", Stage.content(1_000_000));
                stage.put(branch, "empty.txt", new byte[0]);
                stage.put(branch, "too-large.bin", Stage.content(Stage.MAX_FILE_SIZE + 1));
                stage.putAt(branch, "other/secret.txt", Stage.CANARY.getBytes());
                stage.putAt(branch, "demo2/secret.txt", Stage.CANARY.getBytes());
                stage.putAt(branch, "secret.txt", Stage.CANARY.getBytes());
            }
            return stage;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    public static Stage s3() {
        return of(Stage.Kind.S3);
    }

    public static Stage filesystem() {
        return of(Stage.Kind.FILESYSTEM);
    }

    public static Stage of(Stage.Kind kind) {
        return shared.computeIfAbsent(kind, Stages::start, Stage.class);
    }

    /** Arguments (kind, branch), for what holds for every branch on both kinds of storage. */
    public static Stream<Arguments> everywhere() {
        return Stream.of(Stage.Kind.values())
                .flatMap(kind -> Stage.BRANCHES.stream().map(branch -> Arguments.of(kind, branch)));
    }
}

package org.ccmessaging.filestream.support;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The two stages that test classes share, because their start takes longer than most tests. A class that has this
 * extension calls {@link #s3()} or {@link #filesystem()}. Both stop after the last test.
 */
public final class Stages implements BeforeAllCallback {

    private static volatile Shared shared;

    private record Shared(Stage s3, Stage filesystem) implements CloseableResource {

        @Override
        public void close() {
            s3.close();
            filesystem.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        shared = context.getRoot().getStore(Namespace.create(Stages.class))
                .getOrComputeIfAbsent(Shared.class, key -> start(), Shared.class);
    }

    private static Shared start() {
        try {
            Shared stages = new Shared(new Stage(Stage.Kind.S3, Map.of()), new Stage(Stage.Kind.FILESYSTEM, Map.of()));
            for (Stage stage : new Stage[] {stages.s3, stages.filesystem}) {
                for (String branch : Stage.BRANCHES) {
                    stage.put(branch, "hello.txt", Stage.content(100));
                    stage.put(branch, "large.bin", Stage.content(1_000_000));
                    stage.put(branch, "empty.txt", new byte[0]);
                    stage.put(branch, "too-large.bin", Stage.content(Stage.MAX_FILE_SIZE + 1));
                    stage.putAt(branch, "other/secret.txt", Stage.CANARY.getBytes());
                    stage.putAt(branch, "demo2/secret.txt", Stage.CANARY.getBytes());
                    stage.putAt(branch, "secret.txt", Stage.CANARY.getBytes());
                }
            }
            return stages;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    public static Stage s3() {
        return shared.s3;
    }

    public static Stage filesystem() {
        return shared.filesystem;
    }

    public static Stage of(Stage.Kind kind) {
        return kind == Stage.Kind.S3 ? s3() : filesystem();
    }

    /** Arguments (kind, branch), for what holds for every branch on both kinds of storage. */
    public static Stream<Arguments> everywhere() {
        return Stream.of(Stage.Kind.values())
                .flatMap(kind -> Stage.BRANCHES.stream().map(branch -> Arguments.of(kind, branch)));
    }
}

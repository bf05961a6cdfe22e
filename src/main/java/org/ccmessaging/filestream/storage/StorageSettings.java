package org.ccmessaging.filestream.storage;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the files of the three branches are.
 *
 * @param local files that an agent sent from a computer
 * @param multimediaLibrary files of the multimedia library
 * @param standard all other files
 */
@ConfigurationProperties(prefix = "filestream.storage", ignoreUnknownFields = false)
public record StorageSettings(Branch local, Branch multimediaLibrary, Branch standard) {

    private static final String PREFIX = "filestream.storage.";

    /** The ways to open an object. Each has a route {@code direct:read-…} of its name. */
    public enum Type {
        /** A folder tree below {@code root}. */
        FILESYSTEM,
        /** A bucket of an S3-compatible store. */
        S3
    }

    /**
     * The storage of one branch.
     *
     * @param type the kind of storage
     * @param bucket the bucket, for {@code s3}
     * @param root the folder, for {@code filesystem}; relative to the working directory or absolute
     * @param key the layout of an object's key, a Camel simple expression; unless {@code shared}, it names the tenant
     *     as a folder of its own before anything that the customer chooses
     * @param shared whether all tenants may read this branch; only then may {@code key} leave the tenant out
     */
    public record Branch(Type type, String bucket, Path root, String key, boolean shared) {
    }

    /** @throws InvalidSettingException if a branch lacks what its type needs, or its key would mix tenants */
    public StorageSettings {
        check("local", local);
        check("multimedia-library", multimediaLibrary);
        check("standard", standard);
    }

    /** The branches by their names in routes and metrics. */
    public Map<String, Branch> byName() {
        Map<String, Branch> branches = new LinkedHashMap<>();
        branches.put("local", local);
        branches.put("multimedia-library", multimediaLibrary);
        branches.put("standard", standard);
        return branches;
    }

    /**
     * The storage of the branch of that name.
     *
     * @throws IllegalArgumentException if there is no such branch
     */
    public Branch named(String name) {
        return switch (name) {
            case "local" -> local;
            case "multimedia-library" -> multimediaLibrary;
            case "standard" -> standard;
            default -> throw new IllegalArgumentException("no branch " + name);
        };
    }

    private static void check(String name, Branch branch) {
        String prefix = PREFIX + name + ".";
        if (branch == null || branch.type() == null) {
            throw new InvalidSettingException(prefix + "type", null, "one of filesystem, s3");
        }
        if (branch.type() == Type.S3) {
            SettingChecks.requireText(prefix + "bucket", branch.bucket());
        } else if (branch.root() == null || branch.root().toString().isBlank()) {
            throw new InvalidSettingException(prefix + "root", branch.root(), "a folder");
        }
        SettingChecks.requireText(prefix + "key", branch.key());
        KeyLayout.check(prefix + "key", branch.key(), branch.shared());
    }
}

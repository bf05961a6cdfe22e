package org.ccmessaging.filestream.storage;

import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The storage of each branch: the three branches of contract section 3, and branches that an installation adds.
 *
 * <p>Spring Boot binds arbitrary names only to a map, and fills the map with one call of {@link #putAll}.
 */
@ConfigurationProperties(prefix = "filestream.storage", ignoreUnknownFields = false)
public final class StorageSettings extends AbstractMap<String, StorageSettings.Branch> {

    private static final String PREFIX = "filestream.storage.";
    private static final String TYPES = "one of filesystem, s3";
    private static final List<String> CONTRACT_BRANCHES = List.of("local", "multimedia-library", "standard");

    /** Excludes {@code none}, because logs and metrics use this name for a request without a branch. */
    private static final Pattern NAME = Pattern.compile("(?!none$)[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** The types of storage. Route {@code direct:read-<type>} opens the files of a type. */
    public enum Type {
        FILESYSTEM,
        S3
    }

    /**
     * The storage of one branch.
     *
     * @param type {@code null} if a route of the installation opens the files of this branch
     * @param bucket only for type {@code s3}
     * @param root the folder, absolute or relative to the working directory; only for type {@code filesystem}
     * @param key the layout of an object key, in Camel's simple language
     * @param shared whether all tenants may read this branch; only such a branch may have no tenant in its {@code key}
     * @param s3 the settings that override {@code filestream.s3}, or {@code null}
     */
    public record Branch(Type type, String bucket, Path root, String key, boolean shared, S3Settings s3) {

        /** Returns whether each user has a separate folder (contract section 10). */
        public boolean isOfUser() {
            return KeyLayout.isOfUser(key);
        }
    }

    private Map<String, Branch> branches = Map.of();

    @Override
    public void putAll(Map<? extends String, ? extends Branch> bound) {
        Map<String, Branch> named = withoutSecondSpellings(bound);
        for (String name : CONTRACT_BRANCHES) {
            SettingChecks.refuseIf(!named.containsKey(name), PREFIX + name + ".type", null, TYPES);
        }
        named.forEach(StorageSettings::check);
        branches = named;
    }

    @Override
    public Set<Entry<String, Branch>> entrySet() {
        return branches.entrySet();
    }

    /**
     * Removes a branch such as {@code oldfiles} if {@code old-files} exists. Environment variables have no dashes, so
     * Spring Boot binds {@code FILESTREAM_STORAGE_OLDFILES_BUCKET} to both names.
     */
    private static Map<String, Branch> withoutSecondSpellings(Map<? extends String, ? extends Branch> bound) {
        Map<String, String> spellings = new TreeMap<>();
        bound.keySet().stream().sorted(Comparator.comparingInt(String::length))
                .forEach(name -> spellings.put(name.replace("-", ""), name));
        Map<String, Branch> named = new LinkedHashMap<>();
        CONTRACT_BRANCHES.stream().filter(spellings::containsValue).forEach(name -> named.put(name, bound.get(name)));
        spellings.values().forEach(name -> named.putIfAbsent(name, bound.get(name)));
        return Collections.unmodifiableMap(named);
    }

    private static void check(String name, Branch branch) {
        SettingChecks.refuseIf(!NAME.matcher(name).matches(), PREFIX + name, "(a branch)", "a name of lower-case"
                + " letters, digits and single dashes, which starts with a letter and is not none");
        String prefix = PREFIX + name + ".";
        SettingChecks.refuseIf(branch.type() == null
                && (branch.key() == null || branch.bucket() != null || branch.s3() != null), prefix + "type", null,
                CONTRACT_BRANCHES.contains(name) ? TYPES : TYPES + ", since " + name + " is none of the branches "
                        + String.join(", ", CONTRACT_BRANCHES) + ", which have defaults");
        if (branch.type() == Type.S3) {
            SettingChecks.requireText(prefix + "bucket", branch.bucket());
        }
        SettingChecks.refuseIf(branch.type() == Type.FILESYSTEM && SettingChecks.blankToNull(branch.root()) == null,
                prefix + "root", branch.root(), "a folder");
        SettingChecks.requireText(prefix + "key", branch.key());
        KeyLayout.check(prefix + "key", branch.key(), branch.shared());
    }

    /** @throws IllegalArgumentException if no branch has that name */
    public Branch named(String name) {
        Branch branch = branches.get(name);
        if (branch == null) {
            throw new IllegalArgumentException("no branch " + name);
        }
        return branch;
    }

    /** Returns the names of the branches of the type. */
    public List<String> ofType(Type type) {
        return branches.entrySet().stream().filter(branch -> branch.getValue().type() == type).map(Entry::getKey)
                .toList();
    }
}

package org.ccmessaging.filestream.storage;

import java.net.URI;
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
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.DependentSettings;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.NearestName;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The storage of each branch. Each member of {@code filestream.storage} is a branch: the three of the contract
 * (section 3), which must be there, and those that an installation adds.
 *
 * <p>A map and no record, because Spring Boot binds members of a group to a map alone. It hands over what it has read
 * in one {@link #putAll}; nothing changes after that.
 */
@ConfigurationProperties(prefix = "filestream.storage", ignoreUnknownFields = false)
public final class StorageSettings extends AbstractMap<String, StorageSettings.Branch> implements DependentSettings {

    private static final String PREFIX = "filestream.storage.";
    private static final String TYPES = "one of filesystem, s3, stream";
    private static final List<String> OF_THE_CONTRACT = List.of("local", "multimedia-library", "standard");

    /** {@code none} is what log and metrics say of a request without a branch. */
    private static final Pattern NAME = Pattern.compile("(?!none$)[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** The ways to open an object. Each has a route {@code direct:read-…} of its name. */
    public enum Type {
        /** A folder tree below {@code root}. */
        FILESYSTEM,
        /** A bucket of an S3-compatible store. */
        S3,
        /** Whatever a route of the installation opens with step {@code take-stream}. */
        STREAM
    }

    /**
     * The storage of one branch.
     *
     * @param type the kind of storage
     * @param bucket the bucket, for {@code s3}
     * @param root the folder, for {@code filesystem}; relative to the working directory or absolute
     * @param address the server below whose address step {@code request-stream} finds the keys, for {@code stream};
     *     {@code null} if a route gets the files in another way
     * @param key the layout of an object's key, a Camel simple expression; unless {@code shared}, it names the tenant
     *     as a folder of its own before anything that the customer chooses
     * @param shared whether all tenants may read this branch; only then may {@code key} leave the tenant out
     * @param s3 what its store has instead of {@code filestream.s3}, for {@code s3}; {@code null} if nothing
     */
    public record Branch(Type type, String bucket, Path root, URI address, String key, boolean shared,
            S3Settings s3) {

        /** Takes a blank address as absent. */
        public Branch {
            address = SettingChecks.blankToNull(address);
        }
    }

    private Map<String, Branch> branches = Map.of();

    /** Without branches, until {@link #putAll}. */
    public StorageSettings() {
    }

    /** Takes the branches as {@link #putAll} does. */
    StorageSettings(Map<String, Branch> branches) {
        putAll(branches);
    }

    /**
     * Takes the branches.
     *
     * @throws InvalidSettingException if a branch of the contract is missing, a name is malformed, a branch lacks what
     *     its type needs, or its key would mix tenants
     */
    @Override
    public void putAll(Map<? extends String, ? extends Branch> bound) {
        Map<String, Branch> named = withoutSecondSpellings(bound);
        for (String name : OF_THE_CONTRACT) {
            if (!named.containsKey(name)) {
                throw new InvalidSettingException(PREFIX + name + ".type", null, TYPES);
            }
        }
        List<String> known = Stream.concat(OF_THE_CONTRACT.stream(), named.entrySet().stream()
                .filter(branch -> branch.getValue().type() != null).map(Entry::getKey)).toList();
        named.forEach((name, branch) -> check(name, branch, known));
        branches = named;
    }

    /** Checks the stores of the branches, which have of {@code filestream.s3} what they do not say themselves. */
    @Override
    public void check(BeanFactory others, Set<String> sslBundles) {
        S3Settings shared = others.getBean(S3Settings.class);
        for (String name : ofType(Type.S3)) {
            S3Settings its = named(name).s3();
            String bundle = shared.of(name, its).sslBundle();
            if (bundle != null && !sslBundles.contains(bundle)) {
                boolean own = its != null && its.sslBundle() != null;
                throw new InvalidSettingException((own ? PREFIX + name : "filestream") + ".s3.ssl-bundle", bundle,
                        "a bundle of spring.ssl.bundle, which has " + sslBundles);
            }
        }
    }

    @Override
    public Set<Entry<String, Branch>> entrySet() {
        return branches.entrySet();
    }

    /** The branches by their names in settings, routes, log, metrics and health. */
    public Map<String, Branch> byName() {
        return branches;
    }

    /**
     * An environment variable cannot spell a dash: {@code FILESTREAM_STORAGE_OLDFILES_BUCKET} sets the bucket of
     * {@code old-files}, and Spring then finds every setting of that branch under both spellings.
     */
    private static Map<String, Branch> withoutSecondSpellings(Map<? extends String, ? extends Branch> bound) {
        Map<String, String> spellings = new TreeMap<>();
        bound.keySet().stream().sorted(Comparator.comparingInt(String::length))
                .forEach(name -> spellings.put(name.replace("-", ""), name));
        Map<String, Branch> named = new LinkedHashMap<>();
        OF_THE_CONTRACT.stream().filter(spellings::containsValue).forEach(name -> named.put(name, bound.get(name)));
        spellings.values().forEach(name -> named.putIfAbsent(name, bound.get(name)));
        return Collections.unmodifiableMap(named);
    }

    private static void check(String name, Branch branch, List<String> known) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidSettingException(PREFIX + name, "(a branch)",
                    "a name of lower-case letters, digits and single dashes, which starts with a letter and is not"
                            + " none");
        }
        String prefix = PREFIX + name + ".";
        if (branch.type() == null) {
            throw new InvalidSettingException(prefix + "type", null, OF_THE_CONTRACT.contains(name) ? TYPES
                    : TYPES + ", since " + name + " is none of the branches " + String.join(", ", OF_THE_CONTRACT)
                            + ", which have defaults" + NearestName.of(name, known)
                                    .map(near -> " (did you mean " + near + "?)").orElse(""));
        }
        if (branch.type() == Type.S3) {
            SettingChecks.requireText(prefix + "bucket", branch.bucket());
        } else if (branch.type() == Type.FILESYSTEM && (branch.root() == null || branch.root().toString().isBlank())) {
            throw new InvalidSettingException(prefix + "root", branch.root(), "a folder");
        }
        if (branch.address() != null) {
            SettingChecks.requireHttp(prefix + "address", branch.address());
            if (branch.address().getRawQuery() != null || branch.address().getRawFragment() != null
                    || branch.address().getRawUserInfo() != null) {
                throw new InvalidSettingException(prefix + "address", branch.address().getHost(),
                        "an address without user, ? and #. filestream.routes.credentials has what logs in");
            }
        }
        SettingChecks.requireText(prefix + "key", branch.key());
        KeyLayout.check(prefix + "key", branch.key(), branch.shared());
    }

    /**
     * The storage of the branch of that name.
     *
     * @throws IllegalArgumentException if there is no such branch
     */
    public Branch named(String name) {
        Branch branch = branches.get(name);
        if (branch == null) {
            throw new IllegalArgumentException("no branch " + name);
        }
        return branch;
    }

    /** The names of the branches whose storage is of that type. */
    public List<String> ofType(Type type) {
        return branches.entrySet().stream().filter(branch -> branch.getValue().type() == type).map(Entry::getKey)
                .toList();
    }
}

package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.boot.ssl.SslBundles;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * The stores of the branches of type {@code s3} (decision 0023). Branches with the same settings share a store; every
 * other branch has a store of its own, so that one that is slow or down takes no connection and no circuit of another.
 */
final class S3Stores implements AutoCloseable {

    private final StorageSettings branches;
    private final Map<String, S3Store> byBranch = new HashMap<>();

    /**
     * @param shared what a branch has unless its own settings say otherwise
     * @param bundles the SSL bundles of the installation
     * @param inMemory responds in place of all stores; {@code null} for real stores
     */
    S3Stores(S3Settings shared, StorageSettings branches, SslBundles bundles, Deadlines deadlines,
            MeterRegistry meters, SdkHttpClient inMemory) {
        this.branches = branches;
        Map<S3Settings, List<String>> users = new LinkedHashMap<>();
        for (String branch : branches.ofType(StorageSettings.Type.S3)) {
            users.computeIfAbsent(shared.of(branch, branches.named(branch).s3()), own -> new ArrayList<>()).add(branch);
        }
        users.forEach((settings, names) -> {
            S3Store store = new S3Store(settings, String.join(",", names), bundles, deadlines, meters, inMemory);
            names.forEach(name -> byBranch.put(name, store));
        });
    }

    /** The store of the branch of that name; {@code null} if no branch of type {@code s3} has it. */
    S3Store of(String branch) {
        return byBranch.get(branch);
    }

    /** The store of the branch with these settings. */
    S3Store of(StorageSettings.Branch branch) {
        return branches.byName().entrySet().stream().filter(named -> named.getValue().equals(branch))
                .map(named -> byBranch.get(named.getKey())).findFirst().orElseThrow();
    }

    /** One of them. */
    S3Store any() {
        return byBranch.values().stream().findAny()
                .orElseThrow(() -> new IllegalStateException("no branch is of type s3"));
    }

    @Override
    public void close() {
        byBranch.values().stream().distinct().forEach(S3Store::close);
    }
}

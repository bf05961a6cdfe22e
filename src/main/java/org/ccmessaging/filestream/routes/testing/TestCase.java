package org.ccmessaging.filestream.routes.testing;

import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Value;

/**
 * A test of a file.
 *
 * @param name what is so if the test is good
 * @param place where it is
 * @param files the files that are there
 * @param request what the client sends
 * @param mocks what happens in the place of steps, by their ids
 * @param faults how steps fail, by their ids
 * @param settings settings that win over all others
 * @param expect what must come of it
 */
public record TestCase(String name, Place place, List<StoredFile> files, Value request, Map<String, Value> mocks,
        Map<String, Fault> faults, Map<String, String> settings, Value expect) {

    /**
     * A file of a test.
     *
     * @param branch the branch that has it
     * @param key its complete key
     */
    public record StoredFile(Value.Member branch, String key, byte[] content) {
    }

    /** Whether no other test may use the same service, because the service remembers the requests of the test. */
    boolean needsServiceOfItsOwn() {
        return settings.keySet().stream().anyMatch(key -> key.startsWith("filestream.download.rate.")
                || key.startsWith("filestream.s3.circuit"));
    }

    /** {@code standard storage: files come from the store}, for reports. */
    @Override
    public String toString() {
        return name;
    }
}

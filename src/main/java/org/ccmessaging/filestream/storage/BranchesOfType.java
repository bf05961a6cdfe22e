package org.ccmessaging.filestream.storage;

import java.util.Locale;
import org.apache.camel.spi.PropertiesFunction;
import org.springframework.stereotype.Component;

/**
 * Placeholder <code>{{branches:s3}}</code>: the names of the branches of a type, separated by commas; empty if there is
 * none. Route {@code read-s3} exists only where a branch needs it.
 */
@Component
public class BranchesOfType implements PropertiesFunction {

    private final StorageSettings settings;

    /** @param settings the branches */
    public BranchesOfType(StorageSettings settings) {
        this.settings = settings;
    }

    @Override
    public String getName() {
        return "branches";
    }

    /** @throws IllegalArgumentException if there is no such type */
    @Override
    public String apply(String type) {
        return String.join(",", settings.ofType(StorageSettings.Type.valueOf(type.toUpperCase(Locale.ROOT))));
    }
}

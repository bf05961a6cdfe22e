package org.ccmessaging.filestream.storage;

import java.util.Locale;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.PropertiesFunction;
import org.springframework.stereotype.Component;

/**
 * Placeholder <code>{{branches:s3}}</code>: the names of the branches of type {@code s3}, separated by commas. The
 * precondition of route {@code read-s3} uses this list, so that the route exists only if the list is not empty.
 */
@Component
public record BranchesOfType(StorageSettings settings) implements PropertiesFunction, CamelContextCustomizer {

    @Override
    public void configure(CamelContext camel) {
        camel.getPropertiesComponent().addPropertiesFunction(this);
    }

    @Override
    public String getName() {
        return "branches";
    }

    /** @throws IllegalArgumentException if the type does not exist */
    @Override
    public String apply(String type) {
        return String.join(",", settings.ofType(StorageSettings.Type.valueOf(type.toUpperCase(Locale.ROOT))));
    }
}

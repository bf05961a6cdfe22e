package org.ccmessaging.filestream.storage;

import java.util.Locale;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.spi.PropertiesFunction;
import org.springframework.stereotype.Component;

/**
 * Replaces placeholder <code>{{branches:s3}}</code> with the names of the branches of type {@code s3}, separated by
 * commas. Route {@code read-s3} exists only if the list is not empty.
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

    @Override
    public String apply(String type) {
        return String.join(",", settings.ofType(StorageSettings.Type.valueOf(type.toUpperCase(Locale.ROOT))));
    }
}

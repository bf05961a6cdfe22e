package org.ccmessaging.filestream.supplychain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.ccmessaging.filestream.supplychain.Sbom.Component;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every library in the jar has a licence under which it may be passed on beside ours. A library with several lets us
 * choose one.
 */
@Tag("jar")
class LicencesIT {

    /** Identifiers of SPDX. What is added here is a decision: read the licence first. */
    private static final Set<String> ALLOWED = Set.of("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0",
            "EPL-2.0", "MIT", "MIT-0",
            // The text of BSD-3-Clause, under a name that SPDX does not know.
            "Go License https://golang.org/LICENSE");

    @Test
    void everyLibraryHasALicenceOfTheList() {
        List<Component> others = Sbom.read().components().stream()
                .filter(component -> Collections.disjoint(component.licences(), ALLOWED)).toList();

        assertThat(others).as("libraries without a licence of %s", ALLOWED).isEmpty();
    }
}

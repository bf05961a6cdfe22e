package org.ccmessaging.filestream.routes.check.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Level;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No ordinary edit is called an error. */
class GoodRoutesTest {

    static List<RouteEdit> edits() {
        return RouteEdit.all("good");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("edits")
    void editIsNoError(RouteEdit edit, @TempDir Path folder) throws IOException {
        edit.writeTo(folder);
        Map<String, String> settings = edit.settings();
        Findings findings = new Findings();
        RouteSet set = RouteSet.read(folder, settings::get, findings);

        new RouteRules(edit.routesSettings()).check(set, findings);

        assertThat(findings.sorted()).filteredOn(finding -> finding.level() == Level.ERROR).isEmpty();
    }
}

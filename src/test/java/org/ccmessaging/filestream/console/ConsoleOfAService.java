package org.ccmessaging.filestream.console;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Tests of one service that has the console. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(Stage.MBEANS)
abstract class ConsoleOfAService {

    @AutoClose
    Stage stage;

    /** Logged in, for tests that need no session of their own: a login takes longer than such a test. */
    ConsoleSession operator;

    Stage open() throws Exception {
        return new Stage(Stage.Kind.FILESYSTEM, ConsoleSession.SETTINGS);
    }

    static Map<String, Object> with(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(ConsoleSession.SETTINGS);
        settings.putAll(more);
        return settings;
    }

    @BeforeAll
    void openAndLogIn() throws Exception {
        stage = open();
        operator = loggedIn();
    }

    URI management() {
        return stage.service().management().base();
    }

    ConsoleSession loggedIn() {
        return ConsoleSession.loggedIn(management());
    }
}

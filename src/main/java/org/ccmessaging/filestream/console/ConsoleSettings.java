package org.ccmessaging.filestream.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.jolokia.server.core.restrictor.policy.PolicyRestrictor;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.RequestType;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.NestedExceptionUtils;

/**
 * Settings of the web console (Hawtio). The console is on if {@code username} and {@code password} are set, or if
 * {@code spring.security.oauth2.client} has a client.
 *
 * @param username the only user who can log in with a password
 * @param password that user's password
 * @param policy file of the Jolokia policy, which lists what the console may read and do
 */
@ConfigurationProperties(prefix = ConsoleSettings.PREFIX, ignoreUnknownFields = false)
public record ConsoleSettings(String username, Secret password, Path policy) {

    static final String PREFIX = "filestream.console";

    /** @throws InvalidSettingException if only one of {@code username} and {@code password} is set */
    public ConsoleSettings {
        username = SettingChecks.blankToNull(username);
        password = SettingChecks.blankToNull(password);
        SettingChecks.refuseIf(username == null && password != null, PREFIX + ".username", null,
                "a user for " + PREFIX + ".password, or neither of them (the console is off then)");
        SettingChecks.refuseIf(username != null && password == null, PREFIX + ".password", null,
                "a password for " + PREFIX + ".username, or neither of them (the console is off then)");
    }

    boolean hasPassword() {
        return password != null;
    }

    /**
     * Reads the policy. Refuses a missing policy. Refuses a policy that allows every {@code exec} or every
     * {@code write}, as a policy without {@code <commands>} does.
     */
    Restrictor readPolicy() {
        String expected = "a Jolokia policy with a <commands> list without exec and write, so that every operation"
                + " which is allowed is named in an <allow> rule";
        SettingChecks.refuseIf(policy == null || !Files.isReadable(policy), PREFIX + ".policy", policy,
                expected + ", but there is no such file (working directory " + Path.of("").toAbsolutePath() + ")");
        try (InputStream file = Files.newInputStream(policy)) {
            Restrictor restrictor = new PolicyRestrictor(file);
            SettingChecks.refuseIf(restrictor.isTypeAllowed(RequestType.EXEC)
                    || restrictor.isTypeAllowed(RequestType.WRITE), PREFIX + ".policy", policy, expected);
            return restrictor;
        } catch (IOException | SecurityException unusable) {
            throw new InvalidSettingException(PREFIX + ".policy", policy,
                    expected + ": " + NestedExceptionUtils.getMostSpecificCause(unusable));
        }
    }
}

package org.ccmessaging.filestream.console;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
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
import org.xml.sax.SAXParseException;

/**
 * Settings of the web console (Hawtio) on the management port: its login, and what its users may do. It has no default
 * user. The console is off unless {@code username} and {@code password}, or {@code oidc}, are set.
 *
 * @param username the only user that logs in with a password
 * @param password that user's password
 * @param role the role that users of {@code oidc} need
 * @param policy file of the Jolokia policy, which lists what the console may read and do
 * @param oidc an OpenID Connect provider to log in with, instead of or beside the password
 */
@ConfigurationProperties(prefix = ConsoleSettings.PREFIX, ignoreUnknownFields = false)
public record ConsoleSettings(String username, Secret password, String role, Path policy, Oidc oidc) {

    static final String PREFIX = "filestream.console";

    /**
     * An OpenID Connect provider.
     *
     * @param issuerUri its issuer; the service reads the rest from {@code /.well-known/openid-configuration} below it
     * @param clientId the ID of this service at the provider
     * @param clientSecret the secret of this service at the provider
     * @param rolesClaim the claim of the ID token that lists roles; dots separate the names of nested objects
     */
    public record Oidc(URI issuerUri, String clientId, Secret clientSecret, String rolesClaim) {

        private static final String PREFIX = ConsoleSettings.PREFIX + ".oidc.";

        /** @throws InvalidSettingException if only some of the settings are set */
        public Oidc {
            clientId = SettingChecks.blankToNull(clientId);
            clientSecret = SettingChecks.blankToNull(clientSecret);
            issuerUri = SettingChecks.blankToNull(issuerUri);
            if (issuerUri != null || clientId != null || clientSecret != null) {
                SettingChecks.requireHttp(PREFIX + "issuer-uri", issuerUri);
                SettingChecks.requireText(PREFIX + "client-id", clientId);
                SettingChecks.refuseIf(clientSecret == null, PREFIX + "client-secret", null,
                        "the secret of that client");
                SettingChecks.requireText(PREFIX + "roles-claim", rolesClaim);
            }
        }
    }

    /**
     * @throws InvalidSettingException if only one of {@code username} and {@code password} is set, or {@code role} is
     *     blank
     */
    public ConsoleSettings {
        username = SettingChecks.blankToNull(username);
        password = SettingChecks.blankToNull(password);
        SettingChecks.refuseIf(username == null && password != null, PREFIX + ".username", null,
                "a user for " + PREFIX + ".password, or neither of them (the console is off then)");
        SettingChecks.refuseIf(username != null && password == null, PREFIX + ".password", null,
                "a password for " + PREFIX + ".username, or neither of them (the console is off then)");
        SettingChecks.requireText(PREFIX + ".role", role);
    }

    /**
     * Reads the policy. Jolokia allows everything if there is no policy, and everything that an incomplete policy does
     * not mention (decision 0010). The service therefore requires a policy that allows operations only by name.
     */
    Restrictor readPolicy() {
        if (policy == null || !Files.isReadable(policy)) {
            throw wrongPolicy("a Jolokia policy, but there is no such file (working directory "
                    + Path.of("").toAbsolutePath() + ")");
        }
        Restrictor restrictor;
        try (InputStream file = Files.newInputStream(policy)) {
            restrictor = new PolicyRestrictor(file);
        } catch (IOException | SecurityException unusable) {
            Throwable cause = NestedExceptionUtils.getMostSpecificCause(unusable);
            String place = cause instanceof SAXParseException broken
                    ? "line " + broken.getLineNumber() + ", column " + broken.getColumnNumber() + ": " : "";
            throw wrongPolicy("a Jolokia policy, but " + place + cause.getMessage());
        }
        if (restrictor.isTypeAllowed(RequestType.EXEC) || restrictor.isTypeAllowed(RequestType.WRITE)) {
            throw wrongPolicy("a <commands> list without exec and write, so that every operation which is allowed is"
                    + " named in an <allow> rule");
        }
        return restrictor;
    }

    private InvalidSettingException wrongPolicy(String expected) {
        return new InvalidSettingException(PREFIX + ".policy", policy, expected);
    }

    boolean hasPassword() {
        return password != null;
    }

    boolean hasOidc() {
        return oidc != null && oidc.issuerUri() != null;
    }
}

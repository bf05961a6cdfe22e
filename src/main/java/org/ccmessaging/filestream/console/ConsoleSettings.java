package org.ccmessaging.filestream.console;

import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.ccmessaging.filestream.settings.DependentSettings;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.env.Environment;

/**
 * Who may log in to the web console (Hawtio) on the management port, and what they may do there. There is no default
 * user: unless {@code username} and {@code password}, or {@code oidc}, are set, the console is off.
 *
 * @param username the one user that logs in with a password
 * @param password that user's password
 * @param role the role that a user needs who logs in through {@code oidc}
 * @param policy the Jolokia policy: what the console may read and do; relative to the working directory or absolute
 * @param oidc an OpenID Connect provider to log in with, instead of or beside the password
 */
@ConfigurationProperties(prefix = ConsoleSettings.PREFIX, ignoreUnknownFields = false)
public record ConsoleSettings(String username, Secret password, String role, Path policy, Oidc oidc)
        implements DependentSettings {

    static final String PREFIX = "filestream.console";

    /**
     * An OpenID Connect provider.
     *
     * @param issuerUri its issuer; the service reads the rest from {@code /.well-known/openid-configuration} below it
     * @param clientId the ID of the client that this service is at the provider
     * @param clientSecret the secret of that client
     * @param rolesClaim the claim of the ID token that lists roles; dots lead into objects
     */
    public record Oidc(URI issuerUri, String clientId, Secret clientSecret, String rolesClaim) {

        private static final String PREFIX = ConsoleSettings.PREFIX + ".oidc.";

        /** @throws InvalidSettingException if only a part of it is set */
        public Oidc {
            clientId = SettingChecks.blankToNull(clientId);
            clientSecret = SettingChecks.blankToNull(clientSecret);
            issuerUri = SettingChecks.blankToNull(issuerUri);
            if (issuerUri != null || clientId != null || clientSecret != null) {
                SettingChecks.requireHttp(PREFIX + "issuer-uri", issuerUri);
                SettingChecks.requireText(PREFIX + "client-id", clientId);
                if (clientSecret == null) {
                    throw new InvalidSettingException(PREFIX + "client-secret", null, "the secret of that client");
                }
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
        if ((username == null) != (password == null)) {
            throw new InvalidSettingException(PREFIX + (username == null ? ".username" : ".password"), null,
                    (username == null ? "a user for " + PREFIX + ".password" : "a password for " + PREFIX + ".username")
                            + ", or neither of them (the console is off then)");
        }
        SettingChecks.requireText(PREFIX + ".role", role);
    }

    /**
     * Reads the policy if the console is on. The console itself reads it after all else has started.
     * {@code routes test} opens no management port.
     *
     * @throws InvalidSettingException if the policy cannot be used
     */
    @Override
    public void check(BeanFactory others, Set<String> sslBundles) {
        boolean hasPort = !"-1".equals(others.getBean(Environment.class).getProperty("management.server.port"));
        if (hasPort && (hasPassword() || hasOidc())) {
            ConsolePolicy.read(policy);
        }
    }

    /** Whether a user can log in with a password. */
    boolean hasPassword() {
        return password != null;
    }

    /** Whether a user can log in through OpenID Connect. */
    boolean hasOidc() {
        return oidc != null && oidc.issuerUri() != null;
    }
}

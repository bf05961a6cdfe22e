package org.ccmessaging.filestream;

import java.time.Clock;
import java.util.Properties;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.security.oauth2.client.OAuth2ClientAutoConfiguration;
import org.springframework.boot.autoconfigure.security.oauth2.client.servlet.OAuth2ClientWebSecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** The file-download service: YAML routes from {@code routes/}, settings from {@code config/} and the environment. */
// The console's login is in the management port's context alone (ConsoleConfiguration); these would put one before the
// API.
@SpringBootApplication(exclude = {
    SecurityAutoConfiguration.class, SecurityFilterAutoConfiguration.class, UserDetailsServiceAutoConfiguration.class,
    ManagementWebSecurityAutoConfiguration.class, OAuth2ClientAutoConfiguration.class,
    OAuth2ClientWebSecurityAutoConfiguration.class})
@ConfigurationPropertiesScan
public class FileStreamApplication {

    /**
     * How many threads of the system carry the virtual ones (Java 21 and newer; {@link Thread}, implementation note).
     * Java's own number is one for each processor.
     */
    static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

    /** @param args settings, {@code --server.port=8081} */
    public static void main(String[] args) {
        addCarriers(System.getProperties(), Runtime.getRuntime().availableProcessors());
        SpringApplication.run(FileStreamApplication.class, args);
    }

    /**
     * A carrier takes up a new request only when none of its own virtual threads can go on, so under load some requests
     * would wait for long; with twice as many carriers some are idle and take it (measured: bench/results). To be
     * called before the first virtual thread; what whoever starts the process has set wins.
     */
    static void addCarriers(Properties system, int processors) {
        system.putIfAbsent(CARRIERS, String.valueOf(2 * processors));
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}

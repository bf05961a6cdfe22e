package org.ccmessaging.filestream;

import java.io.ObjectInputFilter;
import java.time.Clock;
import org.ccmessaging.filestream.cli.Commands;
import org.ccmessaging.filestream.cli.FailedStart;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.security.oauth2.client.autoconfigure.servlet.OAuth2ClientWebSecurityAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** The file-download service, with YAML routes in {@code routes/} and settings in {@code config/}. */
// Excludes Spring Boot's security, which would also cover the API port (see console.ConsoleConfiguration).
// Excludes Spring Boot's DataSource: library.LibraryConfiguration creates one if a database is configured.
@SpringBootApplication(proxyBeanMethods = false, exclude = {
    SecurityAutoConfiguration.class, SecurityFilterAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class,
    UserDetailsServiceAutoConfiguration.class, ManagementWebSecurityAutoConfiguration.class,
    OAuth2ClientAutoConfiguration.class, OAuth2ClientWebSecurityAutoConfiguration.class,
    DataSourceAutoConfiguration.class})
@ConfigurationPropertiesScan
public class FileStreamApplication {

    /** Starts the service, or runs a command such as {@code routes check}. */
    public static void main(String[] args) {
        // Turns off Java deserialization, which the service does not need and which malicious input could exploit.
        ObjectInputFilter.Config.setSerialFilterFactory((current, next) -> object -> ObjectInputFilter.Status.REJECTED);
        if (Commands.isCommand(args)) {
            System.exit(Commands.run(FileStreamApplication.class, args));
        }
        // Sets two carrier threads per processor for virtual threads, unless the operator set a number (decision 0006).
        System.getProperties().putIfAbsent("jdk.virtualThreadScheduler.parallelism",
                String.valueOf(2 * Runtime.getRuntime().availableProcessors()));
        try {
            SpringApplication.run(FileStreamApplication.class, args);
        } catch (RuntimeException | Error failure) {
            // Ends the process even if other threads still run. Spring Boot has already reported the failure.
            System.exit(FailedStart.status(failure));
        }
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}

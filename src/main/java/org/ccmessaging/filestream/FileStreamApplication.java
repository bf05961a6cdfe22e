package org.ccmessaging.filestream;

import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** The file-download service: YAML routes from {@code routes/}, settings from {@code config/} and the environment. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class FileStreamApplication {

    /** @param args settings, {@code --server.port=8081} */
    public static void main(String[] args) {
        SpringApplication.run(FileStreamApplication.class, args);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}

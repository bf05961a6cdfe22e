package org.ccmessaging.bench;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** What an Apache Camel tutorial would lead to. */
@SpringBootApplication
public class IdiomaticCamel {

    public static void main(String[] arguments) {
        SpringApplication.run(IdiomaticCamel.class, arguments);
    }
}

package org.ccmessaging.filestream.routes;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.RoutesCollector;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.apache.camel.spring.boot.CamelSpringBootApplicationListener;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Keeps the Camel context that Camel makes for a Spring application empty: routes are in generations, each with a
 * context of its own (decision 0024). This one stays, because Camel's beans need one.
 */
@Configuration(proxyBeanMethods = false)
class OwnCamelContext {

    /** Takes the place of Camel's own listener. It adds no routes, and nothing that belongs to routes. */
    @Bean
    CamelSpringBootApplicationListener noRoutes(
            ApplicationContext application, CamelConfigurationProperties configuration, RoutesCollector none) {
        return new CamelSpringBootApplicationListener(application, List.of(), configuration, none);
    }

    /** The console shows the generations alone. */
    @Bean
    static BeanPostProcessor hiddenCamelContext() {
        return new BeanPostProcessor() {

            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof CamelContext context) {
                    ((DefaultCamelContext) context).disableJMX();
                    ((DefaultCamelContext) context).setStartupSummaryLevel(StartupSummaryLevel.Off);
                }
                return bean;
            }
        };
    }
}

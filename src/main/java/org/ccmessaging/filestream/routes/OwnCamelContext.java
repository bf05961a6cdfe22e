package org.ccmessaging.filestream.routes;

import java.util.List;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultReactiveExecutor;
import org.apache.camel.main.RoutesCollector;
import org.apache.camel.spi.ReactiveExecutor;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.apache.camel.spring.boot.CamelSpringBootApplicationListener;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Keeps the Camel context of the Spring application empty, since each generation of routes has its own context
 * (decision 0024). Camel's beans need this one.
 */
@Configuration(proxyBeanMethods = false)
class OwnCamelContext {

    /** Replaces Camel's listener, which would add routes and route builders. */
    @Bean
    CamelSpringBootApplicationListener noRoutes(
            ApplicationContext application, CamelConfigurationProperties configuration, RoutesCollector none) {
        return new CamelSpringBootApplicationListener(application, List.of(), configuration, none);
    }

    /**
     * Queues of steps, one for each thread. Camel would make such queues for each context, and a thread that served a
     * context would keep its queue until the thread ends. Threads of the HTTP port rarely end.
     */
    @Bean
    ReactiveExecutor queuesOfAllGenerations() {
        return new DefaultReactiveExecutor();
    }

    /** Hides the context from the console, which shows the generations. */
    @Bean
    static BeanPostProcessor hiddenCamelContext() {
        return new BeanPostProcessor() {

            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof DefaultCamelContext context) {
                    context.disableJMX();
                    context.setStartupSummaryLevel(StartupSummaryLevel.Off);
                }
                return bean;
            }
        };
    }
}

package org.ccmessaging.filestream.support;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.spring.boot.SpringPropertiesParser;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.ccmessaging.filestream.routes.language.LanguageGuard;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/**
 * Takes the language of routes away from a service: its routes may say whatever Camel knows. What is behind the
 * language must hold alone. It has no annotation by which other services would find it.
 */
public class Unguarded {

    /** Loads YAML in any form that Camel takes. */
    public static void load(CamelContext context, String name, String yaml) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(name + ".camel.yaml", yaml));
    }

    @Bean
    @Primary
    LanguageGuard noGuard(Environment environment, RoutesSettings settings, List<PropertiesFunction> functions) {
        return new LanguageGuard(RouteLanguage.ofProduct(), environment, settings, functions, (context, file) -> { }) {

            @Override
            public void restrictLanguages(CamelContext context) {
                // Camel's own stay.
            }

            @Override
            public void restrict(CamelContext context, BeanRepository beans) {
                PropertiesComponent placeholders = (PropertiesComponent) context.getPropertiesComponent();
                SpringPropertiesParser parser = new SpringPropertiesParser(environment);
                parser.setPropertiesComponent(placeholders);
                placeholders.setPropertiesParser(parser);
                Map<String, PropertiesFunction> all = functions.stream()
                        .collect(Collectors.toMap(PropertiesFunction::getName, Function.identity()));
                all.values().forEach(placeholders::addPropertiesFunction);
                context.getCamelContextExtension().setRegistry(new DefaultRegistry(beans));
            }
        };
    }
}

package org.ccmessaging.filestream.routes.check;

import java.util.List;
import org.apache.camel.spi.PropertiesFunction;
import org.ccmessaging.filestream.routes.language.LanguageGuard;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Beans for the route language of this installation, the check of route files, and the guard of generations. */
@Configuration(proxyBeanMethods = false)
public class CheckConfiguration {

    /** The language with the additions of this installation. */
    @Bean
    public RouteLanguage routeLanguage(RoutesSettings settings) {
        return RouteLanguage.of(settings.language());
    }

    @Bean
    @Lazy
    public Check check(RouteLanguage language, Environment environment, RoutesSettings settings,
            List<PropertiesFunction> functions) {
        return new Check(language, environment, settings, functions);
    }

    @Bean
    @Lazy
    LanguageGuard languageGuard(Check check) {
        return check.guard();
    }
}

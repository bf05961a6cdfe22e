package org.ccmessaging.filestream.routes.check;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.spi.PropertiesFunction;
import org.ccmessaging.filestream.routes.language.LanguageGuard;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Beans for the route language of this installation, the check of route files, and the guard of generations. */
@Configuration(proxyBeanMethods = false)
public class CheckConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(RouteLanguage.class);

    /** The former default of {@code filestream.routes.components}. Its entries add nothing to the language. */
    private static final Set<String> FORMER = Set.of("platform-http", "direct", "aws2-s3", "log", "seda", "timer",
            "mock", "bean", "http", "https", "simple", "constant", "header", "variable", "exchangeProperty", "tokenize",
            "jsonpath");

    /** The language with the additions of this installation, each of which is logged. */
    @Bean
    public RouteLanguage routeLanguage(RoutesSettings settings) {
        Set<String> components = new HashSet<>(settings.components());
        components.removeAll(FORMER);
        if (!settings.components().isEmpty() || !settings.classes().isEmpty()) {
            LOG.warn("filestream.routes.components and filestream.routes.classes will go in the next version: list what"
                    + " they open, {} and {}, in the file that filestream.routes.language names (docs/upgrading.md)",
                    components, settings.classes());
        }
        return RouteLanguage.of(settings.language(), components, settings.classes());
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

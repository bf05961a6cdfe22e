package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.SimpleRegistry;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.cookie.CookieStore;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Components and options with beans, which an installation adds to the language of routes for its connectors. */
class WidenedLanguageTest {

    private static final RouteEdit EDIT = new RouteEdit("", null, Map.of("newFile", "ask.camel.yaml", "content", """
            - route:
                id: ask
                from:
                  uri: direct:ask
                  steps:
                    - to:
                        id: ask-scanner
                        description: Asks the scanner.
                        uri: http://scanner/x
                        parameters: {cookieStore: '#cookies'}
            """));
    private static final Map<String, Object> HOSTS = Map.of("filestream.routes.hosts", "scanner");

    @TempDir
    private Path folder;

    private static Check check(RouteLanguage language) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("edit", new HashMap<>(EDIT.settings())));
        return new Check(language, environment,
                ShippedSettings.of("filestream.routes", RoutesSettings.class, HOSTS),
                List.of(new RouteEdit.Branches()));
    }

    private RouteLanguage widened() throws IOException {
        return RouteLanguage.of(Files.writeString(folder.resolve("language.yaml"), """
                components:
                  http: {options: {cookieStore: {enum: ['#cookies']}}}
                  seda: {says: A queue., path: [name], options: {}}
                """));
    }

    /** Returns the findings about routes that receive from queues, and send to another, as Kaoto writes both. */
    private List<Finding> findings(String queue, String... receivers) throws IOException {
        StringBuilder routes = new StringBuilder();
        for (String receiver : receivers) {
            routes.append("""
                    - route:
                        id: from-NAME
                        from:
                          uri: seda
                          parameters: {name: NAME}
                          steps:
                            - to: {id: to-NAME, description: Sends on., uri: seda, parameters: {name: "QUEUE"}}
                        routeConfigurationId: result-codes
                    """.replace("NAME", receiver).replace("QUEUE", queue));
        }
        Path set = Files.createDirectory(folder.resolve("routes"));
        EDIT.writeTo(set);
        Files.writeString(set.resolve("queues.camel.yaml"), routes);
        return check(widened()).run(RouteFiles.read(set)).findings();
    }

    @Test
    void addressOfAComponentOfTheInstallationHoldsNoExpression() throws IOException {
        assertThat(findings("${variable.tenantId}", "a")).extracting(Finding::message)
                .containsExactly("step to-a: an address holds no expression");
    }

    @Test
    void routesThatReceiveFromTwoAddressesOfSuchAComponentAreApart() throws IOException {
        assertThat(findings("c", "a", "b")).isEmpty();
    }

    @Test
    void optionMayNameTheBeanThatTheLanguageLists() throws IOException {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        EDIT.writeTo(routes);

        assertThat(check(widened()).run(RouteFiles.read(routes)).findings()).isEmpty();
    }

    @Test
    void beanIsThereAsAnOptionAlone() throws IOException {
        SimpleRegistry beans = new SimpleRegistry();
        beans.bind("cookies", new BasicCookieStore());

        assertThat(closed(widened(), beans).lookupByNameAndType("cookies", CookieStore.class)).isNotNull();
        assertThat(closed(widened(), beans).lookupByName("cookies")).isNull();
        assertThat(closed(RouteLanguage.ofProduct(), beans).lookupByNameAndType("cookies", CookieStore.class)).isNull();
    }

    private static Registry closed(RouteLanguage language, SimpleRegistry beans) {
        DefaultCamelContext context = new DefaultCamelContext(false);
        check(language).guard().restrict(context, beans);
        return context.getRegistry();
    }
}

package org.ccmessaging.filestream.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.LiveRoutes;
import org.ccmessaging.filestream.support.FaultyServer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.FileSystemUtils;

/**
 * Development mode, {@code mvn spring-boot:test-run}: the service with an S3 server, sample files and a demo app, a
 * page that shows the files, and lines to paste. It lives among the tests, so that none of its secrets is in the
 * product.
 */
public final class DevApplication {

    static final String SIGNING_KEY = "development mode only, never in production";

    /**
     * The log of a start would push the lines to paste off the screen. Downloads, steps {@code log} and the outcome of
     * an edit keep their lines. They are arguments, because settings of the log are read before those of
     * {@link #settings}.
     */
    private static final List<String> QUIET =
            Stream.of("root=warn", "org.flywaydb.core.internal.command.DbMigrate=warn",
                    "org.ccmessaging.filestream=info", "download=info", "filestream=info")
                    .map(level -> "--logging.level." + level).toList();

    private DevApplication() {
    }

    public static void main(String[] args) throws Exception {
        System.out.println("ccmessaging-filestream in development mode: the lines to paste follow in a moment.");
        ConfigurableApplicationContext service =
                start(Stream.concat(Stream.of(args), QUIET.stream()).toArray(String[]::new));
        DevEdits edits = new DevEdits(service.getBean(LiveRoutes.class),
                Path.of(service.getEnvironment().getProperty("filestream.routes.directory")), System.out);
        Runtime.getRuntime().addShutdownHook(new Thread(edits::close));
        edits.watch();
    }

    /** @return the running service; its S3 server and its page stop with it */
    static ConfigurableApplicationContext start(String... args) throws Exception {
        DevPage page = new DevPage();
        EmbeddedS3 s3 = EmbeddedS3.inMemoryFor(page.origin(), List.of("local", "multimedia-library", "standard"));
        Path localRoot = Files.createTempDirectory("filestream-dev");
        SampleFiles.store(localRoot, s3);
        FaultyServer link = new FaultyServer(s3.endpoint());

        SpringApplication application = new SpringApplication(FileStreamApplication.class);
        application.setLogStartupInfo(false);
        application.addInitializers(context -> context.getEnvironment().getPropertySources().addAfter(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                new MapPropertySource("development mode", settings(link, page, localRoot))));
        application.addInitializers(starting -> {
            GenericApplicationContext context = (GenericApplicationContext) starting;
            // First, because it goes last: the database is in it.
            context.registerBean("temporaryFolder", AutoCloseable.class, () -> () -> remove(localRoot));
            context.registerBean(EmbeddedS3.class, () -> s3);
            context.registerBean(FaultyServer.class, () -> link);
            context.registerBean(DevPage.class, () -> page);
            SampleFiles.enter(context.getEnvironment());
        });
        application.addListeners((ApplicationListener<ApplicationReadyEvent>) ready -> {
            Environment environment = ready.getApplicationContext().getEnvironment();
            page.use(api(environment), link);
            printWelcome(environment, s3, page, localRoot);
        });
        try {
            return application.run(args);
        } catch (RuntimeException failed) {
            // The server's threads would keep the process alive after the message that says why it stopped.
            page.close();
            link.close();
            s3.close();
            remove(localRoot);
            throw failed;
        }
    }

    private static Map<String, Object> settings(FaultyServer link, DevPage page, Path localRoot) {
        Map<String, Object> settings = new HashMap<>(EmbeddedS3.settings(link.endpoint()));
        settings.put("filestream.cors.allowed-origins", page.origin());
        settings.put("filestream.auth.signing-key", SIGNING_KEY);
        settings.put("filestream.auth.token-endpoints", "true");
        settings.put("filestream.auth.apps.demo-app.secret", "{noop}demo-secret");
        settings.put("filestream.auth.apps.demo-app.tenant-id", SampleFiles.TENANT);
        settings.put("filestream.storage.local.root", localRoot.toString());
        settings.put("filestream.storage.local.type", servesFolders(localRoot) ? "filesystem" : "s3");
        settings.put("filestream.library.catalogue", "sql");
        settings.put("spring.datasource.url", "jdbc:h2:file:" + localRoot.resolve("library")
                + ";DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE");
        settings.put("spring.datasource.username", "sa");
        settings.put("filestream.log.id-key", SIGNING_KEY);
        settings.put("filestream.routes.live-reload", "true");
        settings.put("filestream.console.username", "admin");
        settings.put("filestream.console.password", "admin");
        return settings;
    }

    /** Linux does; on macOS and Windows, development mode has its local files in the S3 server (decision 0014). */
    private static boolean servesFolders(Path folder) {
        try (DirectoryStream<Path> opened = Files.newDirectoryStream(folder)) {
            return opened instanceof SecureDirectoryStream;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void remove(Path localRoot) {
        try {
            FileSystemUtils.deleteRecursively(localRoot);
        } catch (IOException left) {
            System.err.println("Left behind: " + localRoot);
        }
    }

    private static URI api(Environment environment) {
        return URI.create("http://localhost:" + environment.getProperty("local.server.port"));
    }

    private static void printWelcome(Environment environment, EmbeddedS3 s3, DevPage page, Path localRoot) {
        Path routes = Path.of(environment.getProperty("filestream.routes.directory")).toAbsolutePath();
        try {
            String welcome = new ClassPathResource("dev-welcome.txt").getContentAsString(StandardCharsets.UTF_8);
            System.out.print(welcome.replace("{api}", api(environment).toString()).replace("{page}", page.origin())
                    .replace("{management}", "http://localhost:" + environment.getProperty("local.management.port"))
                    .replace("{access-key}", EmbeddedS3.ACCESS_KEY).replace("{secret-key}", EmbeddedS3.SECRET_KEY)
                    .replace("{s3}", s3.endpoint().toString()).replace("{local}", localRoot.toString())
                    .replace("{routes}", routes.toString()));
        } catch (IOException absent) {
            throw new UncheckedIOException(absent);
        }
    }
}

package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.spi.Resource;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.language.ClosedException;
import org.ccmessaging.filestream.routes.language.LanguageGuard;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.CalledHosts;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.Headers;
import org.springframework.core.env.Environment;

/**
 * The complete check of a folder of route files: text, schema, language, rules and build. It needs the settings and no
 * other part of the service.
 */
public class Check {

    /** Findings about a set as a whole, which a single file does not show. */
    private static final Set<String> OF_SETS = Set.of("R038", "R222");

    /** Headers of a response (contract section 4), besides those of the settings. */
    private static final List<String> OF_RESPONSES = List.of(Headers.RESULT_CODE, Headers.RESULT_DESC, Headers.ALLOW,
            Headers.RETRY_AFTER, "ccmessaging-token", "Content-Type");

    /** Texts of files, of which an installation has some ten. */
    private static final int REMEMBERED = 100;

    private final RouteLanguage language;
    private final Environment environment;
    private final List<Rule> rules;
    private final LanguageGuard guard;
    private final Known known;
    private final Set<String> passed = ConcurrentHashMap.newKeySet();
    private SchemaLevel schema;

    /**
     * @param functions those that placeholders may call
     * @param rules what must hold beyond the language
     * @param steps the names of the step beans
     */
    public Check(RouteLanguage language, Environment environment, RoutesSettings settings,
            Collection<PropertiesFunction> functions, List<Rule> rules, Collection<String> steps) {
        this.language = language;
        this.environment = environment;
        this.rules = rules;
        Set<String> headers = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        headers.addAll(OF_RESPONSES);
        headers.addAll(Headers.listed(environment));
        this.known = new Known(steps, settings.requestHeaders(), headers, new CalledHosts(settings.hosts()),
                environment);
        this.guard = new LanguageGuard(language, environment, settings, functions, this::require);
    }

    /** Loads what every check needs. A command does so on another core while Spring reads the settings. */
    public static void load() {
        new SchemaLevel(RouteLanguage.ofProduct());
        try (DefaultCamelContext context = new DefaultCamelContext(false)) {
            context.disableJMX();
            context.build();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Closes the contexts of generations to all that this check refuses. */
    public LanguageGuard guard() {
        return guard;
    }

    /**
     * Finds all that is wrong at once, as far as one fault does not hide others: rules look at files that are in the
     * language, and Camel builds what follows the rules. Opens no port and asks no store.
     *
     * @param files what to check
     * @throws UncheckedIOException if their folder cannot be listed
     */
    public Report run(RouteFiles files) {
        Findings findings = new Findings();
        // On another core: each takes as long as the other.
        CompletableFuture<SchemaLevel> schema = CompletableFuture.supplyAsync(this::schema);
        RouteSet set = RouteSet.read(files, environment::getProperty, findings);
        try (DefaultCamelContext scratch = scratch()) {
            set.files().forEach(file -> schema.join().check(file, findings));
            new LanguageLevel(language, scratch, known, findings).check(set);
            if (!findings.hasErrors()) {
                rules.forEach(rule -> rule.check(set, findings));
            }
            if (!findings.hasErrors()) {
                set.files().forEach(file -> remember(file.text()));
                new BuildLevel(scratch, set, findings).check();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Report(set.found(), findings.sorted());
    }

    private DefaultCamelContext scratch() {
        DefaultCamelContext scratch = new DefaultCamelContext(false);
        guard.restrict(scratch, new StepBeans(known.steps()));
        scratch.disableJMX();
        scratch.build();
        return scratch;
    }

    /** Made when it is needed: files that nobody has edited need none. */
    private synchronized SchemaLevel schema() {
        if (schema == null) {
            schema = new SchemaLevel(language);
        }
        return schema;
    }

    /** @throws ClosedException if a file holds something that is not in the language */
    private void require(CamelContext camel, Resource resource) {
        String text = text(resource);
        if (passed.contains(text) || ShippedRoutes.has(text)) {
            return;
        }
        Findings findings = new Findings();
        RouteFile.parse(Path.of(resource.getLocation().replaceFirst("^\\w+:", "")),
                text.getBytes(StandardCharsets.UTF_8), findings).ifPresent(file -> {
                    schema().check(file, findings);
                    new LanguageLevel(language, camel, known, findings).check(RouteSet.of(file));
                });
        findings.sorted().stream().filter(finding -> finding.level() == Level.ERROR)
                .filter(finding -> !OF_SETS.contains(finding.code())).findFirst().ifPresent(finding -> {
                    throw new ClosedException(Report.line(finding));
                });
        remember(text);
    }

    /** Each start and reload loads what has just been checked. */
    private void remember(String text) {
        if (passed.size() >= REMEMBERED) {
            passed.clear();
        }
        passed.add(text);
    }

    private static String text(Resource resource) {
        try {
            return new String(resource.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(resource.getLocation() + " cannot be read", unreadable);
        }
    }
}

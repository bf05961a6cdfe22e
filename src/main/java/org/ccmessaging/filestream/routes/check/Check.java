package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.LRUCacheFactory;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.ShippedRoutes;
import org.ccmessaging.filestream.routes.language.ClosedException;
import org.ccmessaging.filestream.routes.language.LanguageGuard;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.RouteSteps;
import org.springframework.core.env.Environment;

/**
 * The complete check of a folder of route files: text, language, rules and build. It needs the settings and no
 * other part of the service.
 */
public class Check {

    /** Rules about a set, which a single file cannot violate. */
    private static final Set<String> OF_SETS = Set.of("R038", "R222");

    /** Maximum number of remembered texts: those of the history of a service that has as many files as it can. */
    private static final int REMEMBERED = 10 * RouteFiles.MOST_FILES;

    private final RouteLanguage language;
    private final Environment environment;
    private final RoutesSettings settings;
    private final LanguageGuard guard;
    private final TrustedKeys keys;

    /** SHA-256 of texts. Each start and reload loads texts that have just been checked. */
    private final Set<String> passed = Collections.newSetFromMap(LRUCacheFactory.newLRUCache(REMEMBERED));

    /**
     * @param functions those that placeholders may call
     * @throws InvalidSettingException if a file of {@code filestream.routes.trusted-keys} has no public key
     */
    public Check(RouteLanguage language, Environment environment, RoutesSettings settings,
            Collection<PropertiesFunction> functions) {
        this.language = language;
        this.environment = environment;
        this.settings = settings;
        this.keys = TrustedKeys.read(settings.trustedKeys());
        this.guard = new LanguageGuard(language, environment, settings, functions, this::require);
    }

    /** Loads the classes that every check needs. A command does so on another core while Spring reads the settings. */
    public static void load() {
        RouteLanguage.ofProduct();
        DefaultCamelContext context = new DefaultCamelContext(false);
        context.disableJMX();
        context.build();
        context.stop();
    }

    /** The guard that closes the contexts of generations to everything that this check refuses. */
    public LanguageGuard guard() {
        return guard;
    }

    /**
     * Reports all findings of a level at once. Rules read routes without an error in the language, and Camel builds
     * routes that follow the rules. Opens no port and sends nothing to a store.
     *
     * @throws UncheckedIOException if the folder of the files cannot be listed
     */
    public Report run(RouteFiles files) {
        Findings findings = new Findings();
        TextLevel.unread(files.folder(), findings);
        RouteSet set = RouteSet.read(files, language, environment::getProperty, findings);
        DefaultCamelContext scratch = new DefaultCamelContext(false);
        try {
            guard.restrictLanguages(scratch);
            guard.restrict(scratch, new StandInBeans(RouteSteps.all().keySet()));
            scratch.disableJMX();
            scratch.build();
            language(scratch, findings).check(set);
            if (!findings.hasErrors()) {
                new RuleLevel(set, findings).check();
            }
            if (!findings.hasErrors()) {
                accept(files);
                new BuildLevel(scratch, set, findings).check();
            }
        } finally {
            scratch.stop();
        }
        // Last, so that it hides no fault of the files. Those of the history were verified when they came.
        if (isProofRequired(files)) {
            keys.check(files, findings);
        }
        return new Report(files.contents().size(), findings.sorted());
    }

    private LanguageLevel language(CamelContext camel, Findings findings) {
        return new LanguageLevel(language, new Names(language, camel, settings, environment, findings));
    }

    /** Returns whether a start needs no check: the build has checked the shipped files, and nobody must sign a set. */
    public boolean isKnown(RouteFiles files) {
        return !isProofRequired(files) && ShippedRoutes.are(files);
    }

    private boolean isProofRequired(RouteFiles files) {
        return keys.areRequired() && files.proof() != null;
    }

    /** Lets generations load files that this check has passed, or that of another process. */
    public void accept(RouteFiles files) {
        files.contents().values().forEach(bytes -> passed.add(DigestUtils.sha256Hex(bytes)));
    }

    /** @throws ClosedException if a file holds something that is not in the language */
    private void require(CamelContext camel, Resource resource) throws IOException {
        String text = new String(resource.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String sha256 = DigestUtils.sha256Hex(text);
        if (passed.contains(sha256) || ShippedRoutes.has(text)) {
            return;
        }
        Findings findings = new Findings();
        RouteFiles alone = RouteFiles.of(Path.of(""), Map.of(resource.getLocation().replaceFirst("^\\w+:", ""), text));
        language(camel, findings).check(RouteSet.read(alone, language, key -> null, findings));
        findings.errors().stream().filter(error -> !OF_SETS.contains(error.code())).findFirst().ifPresent(error -> {
            throw new ClosedException(Report.line(error));
        });
        passed.add(sha256);
    }
}

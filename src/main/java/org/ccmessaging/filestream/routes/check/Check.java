package org.ccmessaging.filestream.routes.check;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spring.boot.CamelConfigurationProperties;
import org.ccmessaging.filestream.routes.GenerationContext;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** The complete check of a folder of route files: text, schema, build and rules. */
@Component
@Lazy
public class Check {

    /** Rules that miss something: a step, a route, a clause. */
    private static final Set<String> ABSENCES = Set.of("R101", "R102", "R107", "R108", "R109", "R110", "R201", "R202",
            "R203", "R204", "R205", "R207", "R214", "R217", "R219");

    private static final Pattern STEP = Pattern.compile("(?:step|route) \\S+?(?=[: ])");

    private final ApplicationContext application;
    private final CamelConfigurationProperties camel;
    private final List<Rule> rules;

    /**
     * @param application the beans and settings of the service
     * @param camel the settings of Camel
     * @param rules what must hold beyond what Camel demands
     */
    public Check(ApplicationContext application, CamelConfigurationProperties camel, List<Rule> rules) {
        this.application = application;
        this.camel = camel;
        this.rules = rules;
    }

    /**
     * Finds all that is wrong at once. Opens no port and asks no store.
     *
     * @param files what to check
     * @throws UncheckedIOException if their folder cannot be listed
     */
    public Report run(RouteFiles files) {
        Findings findings = new Findings();
        RouteSet set = RouteSet.read(files, application.getEnvironment()::getProperty, findings);
        SchemaLevel schema = new SchemaLevel(Schema.load(), findings);
        set.files().forEach(schema::check);
        try (GenerationContext generation = GenerationContext.build(application, camel)) {
            DefaultCamelContext scratch = generation.camel();
            Causes causes = new Causes(new Vocabulary(application, scratch));
            new References(set, scratch, findings, causes).check();
            new BuildLevel(scratch, set, new Faults(set, findings, causes)).check();
        }
        findings.addAll(ofRules(set, findings));
        // The form of a file that has to be edited anyway is of no interest.
        Set<Path> faulty = faulty(findings);
        set.files().stream().filter(file -> !faulty.contains(file.path()))
                .forEach(file -> new KaotoForm(file).check(findings));
        return new Report(set.found(), withoutRepetition(findings.sorted()));
    }

    /**
     * Leaves one of two findings about a step: that of a rule, which says more than Camel does, unless the step is
     * written wrongly, or a name that Camel does not know is near one that it knows.
     */
    private static List<Finding> withoutRepetition(List<Finding> findings) {
        Set<String> misspelt = steps(findings, finding -> !isOfRule(finding) && isMisspelt(finding));
        Set<String> ruled = steps(findings, Check::isOfRule);
        return findings.stream().filter(finding -> step(finding).isEmpty() || (isOfRule(finding)
                ? !misspelt.contains(step(finding))
                : isMisspelt(finding) || !ruled.contains(step(finding)))).toList();
    }

    private static Set<String> steps(List<Finding> findings, Predicate<Finding> some) {
        return findings.stream().filter(finding -> finding.level() == Level.ERROR).filter(some).map(Check::step)
                .collect(Collectors.toSet());
    }

    private static boolean isMisspelt(Finding finding) {
        return finding.code().compareTo("R03") < 0
                || finding.hint() != null && finding.hint().startsWith("did you mean");
    }

    private static boolean isOfRule(Finding finding) {
        return finding.code().compareTo("R1") > 0;
    }

    private static String step(Finding finding) {
        Matcher step = STEP.matcher(finding.message());
        return step.lookingAt() ? finding.place().file() + " " + step.group() : "";
    }

    /** The files that have errors. */
    private static Set<Path> faulty(Findings findings) {
        return findings.sorted().stream().filter(finding -> finding.level() == Level.ERROR)
                .map(finding -> finding.place().file()).collect(Collectors.toSet());
    }

    /**
     * What the rules find. A step that Camel cannot build is, to a rule, a step that is missing, and one fault would be
     * several findings. So what is missing does not count while a file has other errors.
     */
    private List<Finding> ofRules(RouteSet set, Findings before) {
        Set<Path> faulty = faulty(before);
        if (!faulty.isEmpty()) {
            // What is missing in the set as a whole may be in such a file.
            faulty.add(set.folder());
        }
        Findings ofRules = new Findings();
        rules.forEach(rule -> rule.check(set, ofRules));
        return ofRules.sorted().stream().filter(finding -> !ABSENCES.contains(finding.code())
                || !faulty.contains(finding.place().file())).toList();
    }
}

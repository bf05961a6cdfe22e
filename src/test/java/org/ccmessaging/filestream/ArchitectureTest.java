package org.ccmessaging.filestream;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingFailures;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** A package uses only the packages and libraries that this class lists for the package. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    static final String ROOT = "org.ccmessaging.filestream";

    /**
     * The packages from the bottom to the top, and which others each may use: only those before it in this list. A new
     * package takes its place here.
     */
    private static final Map<String, List<String>> MAY_USE = packages(
            "failure", "",
            "toolkit", "failure",
            "settings", "",
            "auth", "toolkit, failure, settings",
            "storage", "auth, toolkit, failure, settings",
            "library", "storage, auth, toolkit, failure, settings",
            "admission", "storage, auth, toolkit, failure, settings",
            "storage.s3", "storage, auth, toolkit, failure, settings",
            "response", "storage, auth, toolkit, failure, settings",
            "observe", "storage, auth, toolkit, failure, settings",
            "http", "observe, response, auth, toolkit, failure, settings",
            "routes.check", "toolkit, failure, settings",
            "routes", "routes.check, observe, toolkit, settings",
            "routes.testing", "routes.check, observe, storage, toolkit, failure, settings",
            "cli", "routes.testing, routes.check, observe, storage, storage.s3, toolkit, settings",
            "console", "routes, observe, auth, settings, toolkit, failure");

    private static Map<String, List<String>> packages(String... packagesAndUsed) {
        Map<String, List<String>> packages = new LinkedHashMap<>();
        for (int i = 0; i < packagesAndUsed.length; i += 2) {
            List<String> used = Stream.of(packagesAndUsed[i + 1].split(", ")).filter(name -> !name.isEmpty()).toList();
            assertThat(packages.keySet()).as("packages below %s", packagesAndUsed[i]).containsAll(used);
            packages.put(packagesAndUsed[i], used);
        }
        return packages;
    }

    /** Libraries that only one package may use, with that package and those below it. */
    private static final Map<String, List<String>> OWNED_BY = Map.ofEntries(
            Map.entry("software.amazon.awssdk", List.of("failure", "routes.check", "routes.testing", "storage.s3")),
            Map.entry("ch.qos.logback", List.of("observe", "routes.testing")),
            Map.entry("io.micrometer.tracing", List.of("observe")),
            Map.entry("com.nimbusds", List.of("auth", "routes.testing")),
            Map.entry("org.springframework.security.oauth2.jwt", List.of("auth")),
            Map.entry("org.apache.catalina", List.of("http")),
            Map.entry("io.hawt", List.of("console")),
            Map.entry("org.jolokia", List.of("console")),
            Map.entry("org.flywaydb", List.of("library")),
            Map.entry("com.zaxxer", List.of("library")));

    @ArchTest
    static final ArchRule PRODUCT_KNOWS_NO_TESTS = noClasses()
            .should().dependOnClassesThat().resideInAnyPackage(ROOT + ".dev..", ROOT + ".support..", "org.junit..",
                    "org.assertj..", "org.gaul..", "org.springframework.boot.test..",
                    "org.apache.camel.component.mock..");

    @ArchTest
    static void nameOfEachSecretTellsThatItIsOne(JavaClasses product) {
        assertThat(product.stream().filter(type -> type.getName().contains("Settings"))
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getRawType().isEquivalentTo(Secret.class))
                .map(field -> "filestream.any." + DataObjectPropertyName.toDashedForm(field.getName())))
                .hasSizeGreaterThan(4).allMatch(SettingFailures::isSecret);
        assertThat(List.of("filestream.storage.standard.key", "filestream.storage.standard.type", "routes.password"))
                .noneMatch(SettingFailures::isSecret);
    }

    private static String[] ours(Stream<String> packages) {
        return packages.map(name -> ROOT + "." + name).toArray(String[]::new);
    }

    @ArchTest
    static void packageUsesOnlyPackagesBelowIt(JavaClasses product) {
        MAY_USE.forEach((user, used) -> classes().that().resideInAPackage(ROOT + "." + user)
                .should().onlyDependOnClassesThat(not(resideInAPackage(ROOT + ".."))
                        .or(resideInAnyPackage(ours(Stream.concat(Stream.of(user), used.stream())))))
                .as(user + " uses nothing of ours but " + used).check(product));
    }

    @ArchTest
    static void libraryIsUsedByItsPackageOnly(JavaClasses product) {
        OWNED_BY.forEach((library, packages) -> noClasses()
                .that().resideOutsideOfPackages(ours(packages.stream()))
                .should().dependOnClassesThat().resideInAPackage(library + "..")
                .as("only " + packages + " uses " + library).check(product));
    }

    /** Otherwise a package would have no rule. */
    @ArchTest
    static void everyPackageHasItsPlace(JavaClasses product) {
        assertThat(product.stream().map(JavaClass::getPackageName).filter(name -> !name.equals(ROOT))
                .map(name -> name.substring(ROOT.length() + 1)).collect(Collectors.toSet()))
                .isEqualTo(MAY_USE.keySet());
    }
}

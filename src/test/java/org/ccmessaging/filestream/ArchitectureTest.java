package org.ccmessaging.filestream;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.annotation.Resource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** What may use what, and how classes are made: the lines that no compiler draws. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    static final String ROOT = "org.ccmessaging.filestream";

    /** The packages, and which others each may use. A new one has to take its place here. */
    private static final Map<String, List<String>> MAY_USE = Map.of(
            "failure", List.of(),
            "settings", List.of(),
            "auth", List.of("failure", "settings"),
            "request", List.of("auth", "failure", "settings"),
            "storage", List.of("failure", "settings"),
            "response", List.of("storage", "auth", "failure", "settings"),
            "trace", List.of("response"),
            "http", List.of("response", "trace", "failure", "settings"),
            "console", List.of("settings"),
            "reload", List.of("settings"));

    @ArchTest
    static final ArchRule PACKAGES_USE_EACH_OTHER_IN_ONE_DIRECTION =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule FIELDS_ARE_FILLED_BY_CONSTRUCTORS = noFields()
            .should().beAnnotatedWith(Autowired.class)
            .orShould().beAnnotatedWith(Value.class)
            .orShould().beAnnotatedWith("jakarta.inject.Inject")
            .orShould().beAnnotatedWith(Resource.class);

    @ArchTest
    static final ArchRule STATIC_STATE_DOES_NOT_CHANGE = fields().that().areStatic()
            .and(not(describe("made by the compiler",
                    field -> field.getModifiers().contains(JavaModifier.SYNTHETIC))))
            .should().beFinal();

    @ArchTest
    static final ArchRule CLASSES_ARE_NAMED_AFTER_WHAT_THEY_DO = noClasses()
            .should().haveNameMatching(".*(Impl|Manager|Utils?|Helper)(\\$.*)?");

    @ArchTest
    static final ArchRule FAILURES_ARE_DOCUMENTED_ONES = classes().that().resideInAPackage(ROOT + ".failure")
            .should().beAssignableTo(DocumentedFailure.class);

    @ArchTest
    static final ArchRule DOCUMENTED_FAILURES_ARE_AMONG_THE_FAILURES = classes()
            .that().areAssignableTo(DocumentedFailure.class)
            .should().resideInAPackage(ROOT + ".failure");

    @ArchTest
    static final ArchRule PRODUCT_KNOWS_NO_TESTS = noClasses()
            .should().dependOnClassesThat().resideInAnyPackage(ROOT + ".dev..", ROOT + ".support..", "org.junit..",
                    "org.assertj..", "org.gaul..", "org.springframework.boot.test..",
                    "org.apache.camel.component.mock..");

    @ArchTest
    static final ArchRule PRODUCT_LOGS_THROUGH_SLF4J = noClasses()
            .should().accessField(System.class, "out")
            .orShould().accessField(System.class, "err")
            .orShould().callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static void packageUsesOnlyWhatItMay(JavaClasses product) {
        MAY_USE.forEach((user, used) -> {
            String[] allowed = Stream.concat(Stream.of(user), used.stream())
                    .map(name -> ROOT + "." + name + "..").toArray(String[]::new);
            classes().that().resideInAPackage(ROOT + "." + user + "..")
                    .should().onlyDependOnClassesThat(
                            resideInAnyPackage(allowed).or(not(resideInAPackage(ROOT + ".."))))
                    .as(user + " uses nothing of ours but " + used)
                    .check(product);
        });
    }

    @ArchTest
    static void everyPackageHasItsPlace(JavaClasses product) {
        assertThat(product.stream().map(JavaClass::getPackageName).filter(name -> !name.equals(ROOT))
                .map(name -> name.substring(ROOT.length() + 1)).collect(Collectors.toSet()))
                .isEqualTo(MAY_USE.keySet());
    }
}

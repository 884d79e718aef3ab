package io.vaultferry.bitwarden.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .importUrl(
                    BitwardenServer.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void jacksonIsUsedInOnePlaceOnly() {
        noClasses()
                .that()
                .doNotHaveSimpleName("JsonTree")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.fasterxml..")
                .check(classes);
    }

    @Test
    void libraryDependsOnNoFramework() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..", "org.slf4j..", "org.jboss..", "java.util.logging..")
                .check(classes);
    }

    @Test
    void noPublicMethodShowsHttpOrJson() {
        Stream<JavaClass> shown = classes.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(method ->
                        Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream()));

        assertThat(shown)
                .noneMatch(type -> type.getPackageName().startsWith("com.fasterxml")
                        || type.getPackageName().startsWith("java.net.http")
                        || type.getSimpleName().equals("JsonObject"));
    }

    @Test
    void hazmatIsNotReachedInto() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vaultferry.bitwarden.crypto.hazmat..")
                .check(classes);
    }
}

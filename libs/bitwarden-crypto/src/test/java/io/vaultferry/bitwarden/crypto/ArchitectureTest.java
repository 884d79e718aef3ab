package io.vaultferry.bitwarden.crypto;

import static com.tngtech.archunit.base.DescribedPredicate.anyElementThat;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "io.vaultferry.bitwarden.crypto";
    private static final String HAZMAT = ROOT + ".hazmat..";

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void primitivesAreReachedThroughHazmatOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HAZMAT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "javax.crypto..", "org.bouncycastle..", "java.security.spec..", "java.security.interfaces..")
                .check(LIBRARY);
    }

    @Test
    void hazmatKnowsNothingOfTheRest() {
        classes()
                .that()
                .resideInAPackage(HAZMAT)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(HAZMAT, "java..", "javax.crypto..", "org.bouncycastle..")
                .check(LIBRARY);
    }

    @Test
    void nothingButTheJdkAndBouncyCastleIsUsed() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "..", "java..", "javax.crypto..", "org.bouncycastle..")
                .check(LIBRARY);
    }

    @Test
    void publicMethodsShowNoTypeOfHazmat() {
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage(HAZMAT)
                .and()
                .arePublic()
                .should()
                .haveRawReturnType(resideInAPackage(HAZMAT))
                .orShould()
                .haveRawParameterTypes(anyElementThat(resideInAPackage(HAZMAT)))
                .check(LIBRARY);
    }

    @Test
    void libraryItselfNeverAsksForKeyBytes() {
        noClasses()
                .should()
                .callMethod(RevealKeyBytes.class, "iKnowThatThisExposesKeyMaterial")
                .check(LIBRARY);
    }

    @Test
    void randomnessHasOneSource() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Randomness")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\..*Random.*")
                .check(LIBRARY);
    }
}

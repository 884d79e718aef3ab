package io.vaultferry.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses SANDBOX = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.vaultferry");

    @Test
    void theSandboxSharesNoCodeWithWhatItTests() {
        classes()
                .that()
                .resideInAPackage("io.vaultferry..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.vaultferry.sandbox..",
                        "java..",
                        "javax.crypto..",
                        "javax.net.ssl..",
                        "com.fasterxml.jackson..",
                        "org.bouncycastle..")
                .check(SANDBOX);
    }

    @Test
    void theHttpServerKnowsNothingOfBitwarden() {
        noClasses()
                .that()
                .resideInAPackage("io.vaultferry.sandbox.http")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vaultferry.sandbox", "io.vaultferry.sandbox.server", "io.vaultferry.sandbox.admin")
                .check(SANDBOX);
    }

    @Test
    void onlyTheCertificateAuthorityNeedsBouncyCastle() {
        noClasses()
                .that()
                .haveSimpleNameNotContaining("CertificateAuthority")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bouncycastle..")
                .check(SANDBOX);
    }

    @Test
    void noNameSaysNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*(Service|Manager|Util|Utils|Helper|Impl|Dto)")
                .check(SANDBOX);
    }
}

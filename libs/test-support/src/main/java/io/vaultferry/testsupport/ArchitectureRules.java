package io.vaultferry.testsupport;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every service keeps to. A service's {@code ArchitectureTest} extends this class and names the service's root package:
 *
 * <pre>{@code
 * class ArchitectureTest extends ArchitectureRules {
 *     ArchitectureTest() {
 *         super("io.vaultferry.exporting");
 *     }
 * }
 * }</pre>
 */
public abstract class ArchitectureRules {

    private static final List<String> SERVICES = List.of(
            "io.vaultferry.orchestrator",
            "io.vaultferry.exporting",
            "io.vaultferry.importing",
            "io.vaultferry.identity",
            "io.vaultferry.attachment");

    private final String root;
    private final JavaClasses service;

    protected ArchitectureRules(String root) {
        this(
                root,
                new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(root));
    }

    ArchitectureRules(String root, JavaClasses service) {
        this.root = root;
        this.service = service;
    }

    @Test
    void domainAndSagaKnowNoFramework() {
        check(noClasses()
                .that()
                .resideInAnyPackage("..domain..", "..saga..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "io.smallrye..",
                        "jakarta..",
                        "org.eclipse.microprofile..",
                        "org.hibernate..",
                        "org.apache.kafka..",
                        "com.fasterxml..")
                .because("what the product does is plain Java and is tested without a container"));
    }

    @Test
    void servicesMeetOnlyInTheContracts() {
        String[] others = SERVICES.stream()
                .filter(other -> !other.equals(root))
                .map(other -> other + "..")
                .toArray(String[]::new);
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("services know each other's messages and nothing else"));
    }

    @Test
    void onlyTheRelaySendsToKafka() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(".*\\.(Emitter|MutinyEmitter|KafkaProducer|KafkaClientService)")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.eclipse.microprofile.reactive.messaging.Outgoing")
                .because("a message that is sent beside the outbox can contradict the database"));
    }

    @Test
    void ciphersAreUsedOnlyInsideTheCryptoLibrary() {
        check(noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("javax.crypto..")
                        .or(resideInAPackage("org.bouncycastle.."))
                        .or(resideInAPackage("..crypto.hazmat..")))
                .because("raw primitives are easy to use wrongly; the libraries offer safe types"));
    }

    @Test
    void keyMaterialIsRevealedOnlyInCustody() {
        check(noClasses()
                .that(not(resideInAnyPackage(
                        "io.vaultferry.orchestrator.connections..",
                        "io.vaultferry.orchestrator.custody..",
                        "io.vaultferry.orchestrator.grants..")))
                .should()
                .dependOnClassesThat()
                .haveSimpleName("RevealKeyBytes")
                .because("only who seals keys or hands out grants has to see their bytes"));
    }

    @Test
    void namesSayWhatAClassIs() {
        check(noClasses()
                .should()
                .haveNameMatching(".*(Service|Manager|Utils?|Helper|Impl|Dto|DTO|Processor)")
                .because("such names fit everything"));
    }

    @Test
    void entitiesStayInPersistence() {
        check(classes()
                .that()
                .areAnnotatedWith("jakarta.persistence.Entity")
                .should()
                .resideInAPackage("..persistence..")
                .andShould()
                .onlyHaveDependentClassesThat()
                .resideInAPackage("..persistence..")
                .because("records cross the border, entities do not"));
    }

    @Test
    void onlyConsumersReceiveMessages() {
        check(methods()
                .that()
                .areAnnotatedWith("org.eclipse.microprofile.reactive.messaging.Incoming")
                .should()
                .beDeclaredInClassesThat()
                .haveSimpleNameEndingWith("Consumer")
                .andShould()
                .beDeclaredInClassesThat()
                .resideInAPackage("..messaging..")
                .because("the edge to Kafka is found by its name"));
    }

    @Test
    void resourcesArePublic() {
        check(classes()
                .that()
                .areAnnotatedWith("jakarta.ws.rs.Path")
                .should()
                .bePublic()
                .because("Quarkus passes over others without a word, and every call is answered 404"));
        check(methods()
                .that()
                .areMetaAnnotatedWith("jakarta.ws.rs.HttpMethod")
                .should()
                .bePublic()
                .because("Quarkus passes over others without a word, and every call is answered 404"));
    }

    private void check(ArchRule rule) {
        // A service need not have every kind of package.
        rule.allowEmptyShould(true).check(service);
    }
}

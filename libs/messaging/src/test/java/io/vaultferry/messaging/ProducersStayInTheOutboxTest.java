package io.vaultferry.messaging;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ProducersStayInTheOutboxTest {

    @Test
    void onlyTheOutboxPackageSendsToKafka() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.vaultferry.messaging.outbox")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(".*\\.(Emitter|MutinyEmitter|Outgoing|Producer|KafkaProducer)")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.vaultferry.messaging"));
    }
}

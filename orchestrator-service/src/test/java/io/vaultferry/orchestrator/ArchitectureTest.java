package io.vaultferry.orchestrator;

import io.vaultferry.testsupport.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {

    ArchitectureTest() {
        super("io.vaultferry.orchestrator");
    }
}

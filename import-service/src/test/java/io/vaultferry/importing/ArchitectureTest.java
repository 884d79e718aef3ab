package io.vaultferry.importing;

import io.vaultferry.testsupport.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {

    ArchitectureTest() {
        super("io.vaultferry.importing");
    }
}

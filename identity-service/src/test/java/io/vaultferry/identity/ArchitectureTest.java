package io.vaultferry.identity;

import io.vaultferry.testsupport.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {

    ArchitectureTest() {
        super("io.vaultferry.identity");
    }
}

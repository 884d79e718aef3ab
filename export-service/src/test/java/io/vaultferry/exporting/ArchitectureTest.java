package io.vaultferry.exporting;

import io.vaultferry.testsupport.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {

    ArchitectureTest() {
        super("io.vaultferry.exporting");
    }
}

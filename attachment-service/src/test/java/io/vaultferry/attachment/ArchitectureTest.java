package io.vaultferry.attachment;

import io.vaultferry.testsupport.ArchitectureRules;

class ArchitectureTest extends ArchitectureRules {

    ArchitectureTest() {
        super("io.vaultferry.attachment");
    }
}

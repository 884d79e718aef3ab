/** Stands for a real service in the tests of the architecture rules. */
package io.vaultferry.exporting;

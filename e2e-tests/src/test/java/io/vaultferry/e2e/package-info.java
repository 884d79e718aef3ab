/** Whole migrations over the five real service processes, read back by programs that share no code with them. */
package io.vaultferry.e2e;

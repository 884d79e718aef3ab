/**
 * What {@code ./ferry} runs: the commands {@code up} and {@code demo}. Everything that they start lives in the packages below, which
 * the tests use as a library.
 */
package io.vaultferry.launcher;

/**
 * Measures Vaultferry beside what one would use without it, in one run on one machine, and says by how much a goal is met or missed.
 * Nothing else depends on this module.
 */
package io.vaultferry.benchmarks;

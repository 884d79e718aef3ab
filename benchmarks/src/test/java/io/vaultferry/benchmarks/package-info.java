/** The frame of the benchmarks; nothing is measured here. */
package io.vaultferry.benchmarks;

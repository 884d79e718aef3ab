/** What moves files in the benchmarks, once and with a small one. */
package io.vaultferry.benchmarks.relay;

/** Moving files: processor time, wall time and memory of the way that an attachment takes, beside {@code curl | curl}. */
package io.vaultferry.benchmarks.relay;

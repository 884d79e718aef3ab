/** The whole of Vaultferry between two servers: broker, database, services and servers as processes of their own. */
package io.vaultferry.benchmarks.system;

/** Export service: inspects the source, reads it into a sealed snapshot, and verifies the target against it. */
package io.vaultferry.exporting;

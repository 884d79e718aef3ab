/** Tests of what every staging store promises, and of choosing one. */
package io.vaultferry.staging;

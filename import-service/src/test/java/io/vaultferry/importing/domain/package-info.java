/** The rules of what is imported and how, without a server. */
package io.vaultferry.importing.domain;

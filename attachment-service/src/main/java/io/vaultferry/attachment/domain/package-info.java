/** Moving one file: as opaque bytes where it has a key of its own, encrypted anew where it has none. No framework. */
package io.vaultferry.attachment.domain;

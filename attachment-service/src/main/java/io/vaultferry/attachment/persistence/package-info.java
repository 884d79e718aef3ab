/** Units of transfer and their files: who works on what, and what became of it. */
package io.vaultferry.attachment.persistence;

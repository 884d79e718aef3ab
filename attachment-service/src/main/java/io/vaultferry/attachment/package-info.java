/** Attachment service: moves the files of items, by as many instances as there are. */
package io.vaultferry.attachment;

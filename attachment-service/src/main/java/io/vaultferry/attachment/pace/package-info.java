/** Paces the requests of this service to each server, together with all other instances; what is decided stands in {@code domain.pace}. */
package io.vaultferry.attachment.pace;

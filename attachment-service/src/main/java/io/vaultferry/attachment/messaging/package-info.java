/** The step of this service, and the work records that spread it over all instances. */
package io.vaultferry.attachment.messaging;

/** Stack traces for logs, without what they may carry. */
package io.vaultferry.messaging.trace;

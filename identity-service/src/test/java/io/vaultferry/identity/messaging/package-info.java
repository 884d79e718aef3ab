/** The handlers, run as the job runner runs them, against a real server and a real database. */
package io.vaultferry.identity.messaging;

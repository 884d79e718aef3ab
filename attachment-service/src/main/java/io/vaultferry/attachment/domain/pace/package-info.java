/**
 * How fast one server may be asked: the pure decision, without clock, database and framework. Whoever uses it keeps the state and
 * says what time it is.
 */
package io.vaultferry.attachment.domain.pace;

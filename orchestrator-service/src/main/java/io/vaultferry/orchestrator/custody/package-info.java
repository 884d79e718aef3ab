/**
 * Keys that live outside the database: one per connection and one per migration, each in a vault that can forget it.
 * Destroying a key makes everything sealed under it unreadable, backups included.
 */
package io.vaultferry.orchestrator.custody;

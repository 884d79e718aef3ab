/**
 * Who may call: operators with the admin key or a session of the dashboard, participants with their internal tokens, and
 * nobody else. Everything that REST serves is closed unless it is opened here.
 */
package io.vaultferry.orchestrator.access;

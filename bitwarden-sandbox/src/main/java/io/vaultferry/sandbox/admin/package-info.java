/** What a test sees and does from outside: the journal of calls, counters, and faults; served on a loopback port. */
package io.vaultferry.sandbox.admin;

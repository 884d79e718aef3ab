/**
 * What tests of the participants share: two servers, an organization on each, one moved to the other by hand, and somebody who
 * hands out grants for them in place of the orchestrator.
 */
package io.vaultferry.testsupport.migration;

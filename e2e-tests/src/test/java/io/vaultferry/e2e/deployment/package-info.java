/** What is deployed besides programs: the compose file, the scripts, the dashboard and the documents, checked without a container engine. */
package io.vaultferry.e2e.deployment;

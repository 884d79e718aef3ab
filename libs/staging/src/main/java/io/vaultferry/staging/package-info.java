/**
 * Which staging store a service uses: read from its configuration, made, checked when the service starts, and told by its health.
 */
package io.vaultferry.staging;

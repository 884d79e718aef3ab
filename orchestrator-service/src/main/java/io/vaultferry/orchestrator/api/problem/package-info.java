/**
 * Errors of the REST API as {@code application/problem+json} (RFC 9457): what a resource throws, and the one place that
 * turns exceptions into answers. Nothing here repeats a request's content.
 */
package io.vaultferry.orchestrator.api.problem;

/**
 * A Bitwarden-compatible server for demos and tests: start it with {@link io.vaultferry.sandbox.Sandbox}, or as a program with
 * {@link io.vaultferry.sandbox.SandboxMain}. It depends on nothing else of Vaultferry, so that it cannot share a
 * misunderstanding with the client and the crypto that it tests.
 */
package io.vaultferry.sandbox;

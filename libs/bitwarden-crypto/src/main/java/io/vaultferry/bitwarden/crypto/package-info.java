/**
 * The cryptography of Bitwarden as far as an organization needs it, in types that are hard to misuse. No network, no
 * JSON library, no logging; raw primitives live in {@code hazmat} and are used from nowhere else.
 */
package io.vaultferry.bitwarden.crypto;

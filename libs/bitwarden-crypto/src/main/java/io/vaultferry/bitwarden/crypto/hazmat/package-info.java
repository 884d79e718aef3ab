/**
 * Raw primitives: dangerous when combined wrongly, so nothing outside this library may use them, and the rest of the
 * library reaches JCA and Bouncy Castle only through here.
 */
package io.vaultferry.bitwarden.crypto.hazmat;

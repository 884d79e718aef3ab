/** A tiny participant made of this library and handlers whose behavior each test chooses. */
package io.vaultferry.messaging;

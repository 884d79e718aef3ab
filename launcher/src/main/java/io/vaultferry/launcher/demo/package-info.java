/** A migration between two sandbox servers, driven through the REST API exactly as an operator would, and shown in the terminal. */
package io.vaultferry.launcher.demo;

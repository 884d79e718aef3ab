/** Part of the service that breaks every rule. */
package io.vaultferry.testsupport.wrong.api;

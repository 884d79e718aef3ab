/** A service that breaks every architecture rule, so that a rule which cannot fail is noticed. */
package io.vaultferry.testsupport.wrong;

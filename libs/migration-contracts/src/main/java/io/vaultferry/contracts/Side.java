package io.vaultferry.contracts;

/** One of the two organizations of a migration. */
public enum Side {
    SOURCE,
    TARGET
}

package io.vaultferry.infrastructure;

/** How much a broker or database does so that a crash of the whole machine loses nothing. */
public enum Durability {
    /** Every commit and every record is on the disk before it is acknowledged. For real use. */
    SURVIVES_POWER_LOSS,
    /** Survives the death of any process, but not a power failure. For tests and demos, where the data are thrown away. */
    FAST
}

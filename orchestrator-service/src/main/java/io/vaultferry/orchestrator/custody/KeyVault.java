package io.vaultferry.orchestrator.custody;

/** Makes, keeps and destroys keys of 32 random bytes. Implementations are thread-safe. */
public interface KeyVault {

    /** Length of every key, in bytes. */
    int KEY_LENGTH = 32;

    /**
     * Makes a key. It survives a crash from the moment that this method returns.
     *
     * @throws CustodyException when there is a key of this name already, or it cannot be kept
     */
    void make(KeyName name);

    /**
     * Returns a copy of a key, which the caller has to overwrite.
     *
     * @throws UnknownKeyException when the key was never made, or is destroyed
     * @throws CustodyException when the vault cannot be read, or what it holds was altered
     */
    byte[] get(KeyName name);

    /** Whether there is such a key. */
    boolean holds(KeyName name);

    /**
     * Destroys a key for good. Does nothing when there is none.
     *
     * @throws CustodyException when the key may still exist
     */
    void destroy(KeyName name);
}

package io.vaultferry.bitwarden.crypto;

/**
 * The permission to take key bytes out of the type that protects them. Exists so that every place that does it can be
 * found by a search for one name.
 */
public final class RevealKeyBytes {
    private static final RevealKeyBytes INSTANCE = new RevealKeyBytes();

    private RevealKeyBytes() {}

    public static RevealKeyBytes iKnowThatThisExposesKeyMaterial() {
        return INSTANCE;
    }
}

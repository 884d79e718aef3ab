package io.vaultferry.bitwarden.crypto;

/** An RSA-2048 key pair; closing the private key is the holder's duty. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton.
public record KeyPair(PublicKey publicKey, PrivateKey privateKey) {
    public static KeyPair make() {
        throw new UnsupportedOperationException();
    }
}

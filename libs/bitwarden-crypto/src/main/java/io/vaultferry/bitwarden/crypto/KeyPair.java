package io.vaultferry.bitwarden.crypto;

import io.vaultferry.bitwarden.crypto.hazmat.RsaOaep;

/** An RSA-2048 key pair; closing the private key is the holder's duty. */
public record KeyPair(PublicKey publicKey, PrivateKey privateKey) {
    /** A new random pair; takes some tenths of a second. */
    public static KeyPair make() {
        PrivateKey privateKey = PrivateKey.takeOwnershipOf(RsaOaep.makePrivateKey());
        return new KeyPair(privateKey.publicKey(), privateKey);
    }
}

package io.vaultferry.bitwarden.crypto.hazmat;

/** The three parts of an AES-CBC-HMAC ciphertext. The arrays are not copied: nothing in them is secret. */
public final class Sealed {
    private final byte[] iv;
    private final byte[] ciphertext;
    private final byte[] mac;

    public Sealed(byte[] iv, byte[] ciphertext, byte[] mac) {
        this.iv = iv;
        this.ciphertext = ciphertext;
        this.mac = mac;
    }

    public byte[] iv() {
        return iv;
    }

    public byte[] ciphertext() {
        return ciphertext;
    }

    public byte[] mac() {
        return mac;
    }
}

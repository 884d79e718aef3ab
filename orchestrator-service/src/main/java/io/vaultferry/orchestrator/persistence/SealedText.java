package io.vaultferry.orchestrator.persistence;

/** A text that is stored sealed. */
public final class SealedText {

    private final byte[] bytes;

    public SealedText(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "SealedText[" + bytes.length + " bytes]";
    }
}

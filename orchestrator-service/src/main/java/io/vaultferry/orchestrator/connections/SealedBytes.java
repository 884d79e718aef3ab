package io.vaultferry.orchestrator.connections;

/** A sealed record as it is stored. Not a record, because the bytes are not its identity. */
final class SealedBytes {

    private final byte[] bytes;

    SealedBytes(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    byte[] bytes() {
        return bytes.clone();
    }
}

package io.vaultferry.bitwarden.crypto;

import java.io.FilterInputStream;
import java.io.InputStream;

/** Skeleton. */
public final class VerifyingInputStream extends FilterInputStream {
    public VerifyingInputStream(InputStream encrypted, long encryptedLength, SymmetricKey contentKey) {
        super(encrypted);
    }
}

package io.vaultferry.bitwarden.crypto.hazmat;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;

/** AES-256-CBC with PKCS#7 padding over a stream. Holds what it needs of the key until closed. */
public final class StreamCipher implements AutoCloseable {
    private static final RawKey NO_KEY = RawKey.owning(new byte[32]);

    private final Cipher cipher;

    private StreamCipher(int mode, AesCbcHmacKey key, byte[] iv) {
        try {
            cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            wipe();
            cipher.init(mode, key.encryption(), new IvParameterSpec(iv));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks AES-CBC.", e);
        }
    }

    public static StreamCipher encrypting(AesCbcHmacKey key, byte[] iv) {
        return new StreamCipher(Cipher.ENCRYPT_MODE, key, iv);
    }

    public static StreamCipher decrypting(AesCbcHmacKey key, byte[] iv) {
        return new StreamCipher(Cipher.DECRYPT_MODE, key, iv);
    }

    /** The output needs room for one block more than the input. Answers how much of it was used. */
    public int update(byte[] input, int offset, int length, byte[] output) {
        try {
            return cipher.update(input, offset, length, output, 0);
        } catch (ShortBufferException e) {
            throw new IllegalArgumentException("The output is too short.", e);
        }
    }

    /** Ends the stream; answers how much of the output was used, from the offset on. */
    public int finish(byte[] output, int offset) throws RejectedException {
        try {
            return cipher.doFinal(output, offset);
        } catch (ShortBufferException e) {
            throw new IllegalArgumentException("The output is too short.", e);
        } catch (GeneralSecurityException e) {
            throw new RejectedException();
        }
    }

    private void wipe() throws GeneralSecurityException {
        cipher.init(Cipher.ENCRYPT_MODE, NO_KEY, new IvParameterSpec(new byte[16]));
    }

    @Override
    public void close() {
        try {
            wipe();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot wipe a cipher.", e);
        }
    }
}

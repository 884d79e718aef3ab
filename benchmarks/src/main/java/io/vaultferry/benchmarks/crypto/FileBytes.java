package io.vaultferry.benchmarks.crypto;

import io.vaultferry.bitwarden.crypto.AttachmentCrypto;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.bitwarden.crypto.VerifyingInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Bytes of files: through the check of an authentication code, and through bare engines. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FileBytes {

    /** Of one operation that checks a code. */
    static final int CHECKED = 16 << 20;

    /** Of one operation of AES, as {@code openssl speed} is told. */
    static final int BLOCK = 8192;

    private static final int BUFFER = 64 * 1024;

    private final SymmetricKey key = SymmetricKey.make();
    private final byte[] file = AttachmentCrypto.encrypt(new byte[CHECKED], key);
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] plain = new byte[BLOCK];
    private final byte[] ciphertext = new byte[BLOCK];
    private final Mac hmac;
    private final Cipher aes;

    public FileBytes() {
        try {
            hmac = Mac.getInstance("HmacSHA256");
            hmac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
            aes = Cipher.getInstance("AES/CBC/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[32], "AES"), new IvParameterSpec(new byte[16]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has them", e);
        }
    }

    @Benchmark
    public long check() throws IOException {
        long bytes = 0;
        try (InputStream in = new VerifyingInputStream(new ByteArrayInputStream(file), file.length, key)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
        }
        return bytes;
    }

    @Benchmark
    public byte[] checkRaw() {
        for (int at = 0; at < file.length; at += BUFFER) {
            hmac.update(file, at, Math.min(BUFFER, file.length - at));
        }
        return hmac.doFinal();
    }

    @Benchmark
    public byte[] encryptCbc() throws GeneralSecurityException {
        aes.update(plain, 0, BLOCK, ciphertext);
        return ciphertext;
    }
}

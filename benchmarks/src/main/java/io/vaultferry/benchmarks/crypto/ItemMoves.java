package io.vaultferry.benchmarks.crypto;

import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.ItemCrypto;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Moving one plain login to another organization, and the bare operations in that. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ItemMoves {

    private final SampleItem sample = new SampleItem();
    private final SymmetricKey source = sample.sourceKey();
    private final SymmetricKey target = sample.targetKey();
    private final Map<String, Object> withKey = sample.listed(true, 1);
    private final Map<String, Object> withoutKey = sample.listed(false, 1);
    private final String text = withoutKey.get("name").toString();

    @Benchmark
    public Map<String, Object> rewrap() {
        return ItemCrypto.moveToOrganization(withKey, source, target);
    }

    @Benchmark
    public int rewrapRaw() throws GeneralSecurityException {
        return sample.rewrapRaw();
    }

    @Benchmark
    public Map<String, Object> reencrypt() {
        return ItemCrypto.moveToOrganization(withoutKey, source, target);
    }

    @Benchmark
    public int reencryptRaw() throws GeneralSecurityException {
        return sample.reencryptRaw();
    }

    @Benchmark
    public EncString parse() {
        return EncString.parse(text);
    }
}

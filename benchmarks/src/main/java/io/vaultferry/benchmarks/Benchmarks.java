package io.vaultferry.benchmarks;

import io.vaultferry.benchmarks.crypto.CryptoBenchmark;
import io.vaultferry.benchmarks.crypto.KdfBenchmark;
import io.vaultferry.benchmarks.crypto.PipelineBenchmark;
import io.vaultferry.benchmarks.relay.MemoryBenchmark;
import io.vaultferry.benchmarks.relay.RelayBenchmark;
import io.vaultferry.benchmarks.system.HeadOfLineBenchmark;
import io.vaultferry.benchmarks.system.ItemsBenchmark;
import io.vaultferry.benchmarks.system.LatencyBenchmark;
import io.vaultferry.benchmarks.system.PaceBenchmark;
import io.vaultferry.benchmarks.system.ScaleBenchmark;
import java.util.List;

/** All that there are, in the order in which they run. */
final class Benchmarks {

    private Benchmarks() {}

    static List<Benchmark> all() {
        return List.of(
                new RelayBenchmark(),
                new MemoryBenchmark(),
                new CryptoBenchmark(),
                new PipelineBenchmark(),
                new KdfBenchmark(),
                new ItemsBenchmark(),
                new LatencyBenchmark(),
                new ScaleBenchmark(),
                new HeadOfLineBenchmark(),
                new PaceBenchmark());
    }
}

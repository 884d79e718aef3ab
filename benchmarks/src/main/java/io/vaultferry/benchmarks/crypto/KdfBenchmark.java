package io.vaultferry.benchmarks.crypto;

import io.vaultferry.benchmarks.Benchmark;
import io.vaultferry.benchmarks.Extent;
import io.vaultferry.benchmarks.Figure;
import io.vaultferry.benchmarks.Finding;
import io.vaultferry.benchmarks.Goal;
import io.vaultferry.benchmarks.NotMeasuredException;
import io.vaultferry.benchmarks.Outcome;
import io.vaultferry.benchmarks.Samples;
import io.vaultferry.benchmarks.Workspace;
import io.vaultferry.bitwarden.crypto.Kdf;
import io.vaultferry.bitwarden.crypto.MasterKey;
import io.vaultferry.launcher.system.Narrator;
import java.util.List;

/** Deriving a master key from a password, beside OpenSSL. */
public final class KdfBenchmark implements Benchmark {

    private static final int ITERATIONS = 600_000;
    private static final String PASSWORD = "correct horse battery staple 9";
    private static final String SALT = "owner@acme.example.test";
    private static final double MOST = 1.2;

    @Override
    public String name() {
        return "kdf";
    }

    @Override
    public String question() {
        return "How long does a login derive its key with PBKDF2, beside `openssl kdf`?";
    }

    @Override
    public Outcome run(Workspace workspace, Extent extent, Narrator narrator) throws InterruptedException {
        int runs = extent.of(3, 9);
        Samples ours = new Samples();
        Samples openssl = new Samples();
        derive();
        derive();
        for (int run = 0; run < runs; run++) {
            long began = System.nanoTime();
            derive();
            ours.add((System.nanoTime() - began) / 1e9);
            openssl.add(OpenSsl.secondsForPbkdf2(PASSWORD, SALT, ITERATIONS)
                    .orElseThrow(() -> new NotMeasuredException("there is no openssl with kdf on this machine")));
        }
        return new Outcome(
                List.of(new Finding(
                        "PBKDF2-SHA256, 600,000 iterations",
                        new Figure(ours.median(), "s"),
                        "openssl kdf",
                        new Figure(openssl.median(), "s"),
                        Goal.atMost(MOST))),
                List.of("Vaultferry " + ours.spread() + ", in a JVM that has derived two keys; openssl "
                        + openssl.spread() + ", the start of its process included."));
    }

    private static void derive() {
        MasterKey.derive(new Kdf.Pbkdf2(ITERATIONS), PASSWORD.toCharArray(), SALT)
                .close();
    }
}

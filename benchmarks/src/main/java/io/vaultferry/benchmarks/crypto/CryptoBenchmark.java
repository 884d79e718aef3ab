package io.vaultferry.benchmarks.crypto;

import io.vaultferry.benchmarks.Benchmark;
import io.vaultferry.benchmarks.Extent;
import io.vaultferry.benchmarks.Figure;
import io.vaultferry.benchmarks.Finding;
import io.vaultferry.benchmarks.Goal;
import io.vaultferry.benchmarks.Outcome;
import io.vaultferry.benchmarks.Workspace;
import io.vaultferry.launcher.system.Narrator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Single operations, measured by JMH, beside the bare operations of the Java platform and beside OpenSSL. */
public final class CryptoBenchmark implements Benchmark {

    private static final double OF_BARE = 0.5;
    private static final double OF_OPENSSL = 0.9;
    private static final double MIB = 1 << 20;

    @Override
    public String name() {
        return "crypto";
    }

    @Override
    public String question() {
        return "What do the operations on items and files cost, beside bare AES and HMAC of the Java platform (JMH, one thread)?";
    }

    @Override
    public Outcome run(Workspace workspace, Extent extent, Narrator narrator) throws IOException, InterruptedException {
        int iterations = extent.of(2, 5);
        narrator.say("JMH");
        Map<String, Double> scores = scores(iterations);
        List<Finding> findings = new ArrayList<>(List.of(
                items("item with a key of its own: wrapped anew, every field checked", scores, "rewrap"),
                items("item without one: every field encrypted anew", scores, "reencrypt"),
                new Finding(
                        "authentication code of a file",
                        mib(scores.get("check") * FileBytes.CHECKED),
                        "bare HMAC",
                        mib(scores.get("checkRaw") * FileBytes.CHECKED),
                        Goal.NONE)));
        List<String> notes = new ArrayList<>(List.of(
                "One fork, " + iterations
                        + " iterations of a second after as many to warm up, five encrypted fields an item.",
                String.format(
                        java.util.Locale.ROOT, "Parsing an encrypted string: %,.0f a second.", scores.get("parse"))));
        narrator.say("openssl speed");
        OptionalDouble openssl = OpenSsl.aesCbcBytesPerSecond(FileBytes.BLOCK, iterations);
        if (openssl.isPresent()) {
            findings.add(new Finding(
                    "AES-256-CBC encryption in pieces of 8 KiB, of the Java platform",
                    mib(scores.get("encryptCbc") * FileBytes.BLOCK),
                    "openssl speed",
                    mib(openssl.getAsDouble()),
                    Goal.atLeast(OF_OPENSSL)));
        } else {
            notes.add("There is no openssl on this machine to compare AES with.");
        }
        return new Outcome(findings, notes);
    }

    private static Finding items(String measure, Map<String, Double> scores, String operation) {
        return new Finding(
                measure,
                new Figure(scores.get(operation), "items/s"),
                "the same AES and HMAC, bare",
                new Figure(scores.get(operation + "Raw"), "items/s"),
                Goal.atLeast(OF_BARE));
    }

    private static Figure mib(double bytesPerSecond) {
        return new Figure(bytesPerSecond / MIB, "MiB/s");
    }

    /** Operations a second, by the name of the method. */
    private static Map<String, Double> scores(int iterations) {
        // Other JMH runs on the machine are the concern of the load that is looked at before.
        System.setProperty("jmh.ignoreLock", "true");
        Options options = new OptionsBuilder()
                .include("\\." + ItemMoves.class.getSimpleName() + "\\.")
                .include("\\." + FileBytes.class.getSimpleName() + "\\.")
                .forks(1)
                .warmupIterations(iterations)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.seconds(1))
                .jvmArgsAppend("-Xmx512m")
                .verbosity(VerboseMode.SILENT)
                .build();
        Map<String, Double> scores = new HashMap<>();
        try {
            for (RunResult result : new Runner(options).run()) {
                scores.put(
                        result.getPrimaryResult().getLabel(),
                        result.getPrimaryResult().getScore());
            }
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH could not run", e);
        }
        return scores;
    }
}

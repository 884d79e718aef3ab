package io.vaultferry.benchmarks.crypto;

import io.vaultferry.benchmarks.Benchmark;
import io.vaultferry.benchmarks.ChildProgram;
import io.vaultferry.benchmarks.Extent;
import io.vaultferry.benchmarks.Figure;
import io.vaultferry.benchmarks.Finding;
import io.vaultferry.benchmarks.Goal;
import io.vaultferry.benchmarks.Outcome;
import io.vaultferry.benchmarks.Samples;
import io.vaultferry.benchmarks.Workspace;
import io.vaultferry.launcher.system.Narrator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How much of what the processor could encrypt is left when items go through all that import-service does with them. */
public final class PipelineBenchmark implements Benchmark {

    private static final double LEAST = 0.5;
    private static final String UNIT = "items/s";
    private static final String CEILING = "the same AES and HMAC, bare";

    @Override
    public String name() {
        return "pipeline";
    }

    @Override
    public String question() {
        return "How much of the crypto ceiling of the same run do items reach on their way through import-service (one thread)?";
    }

    @Override
    public Outcome run(Workspace workspace, Extent extent, Narrator narrator) throws IOException {
        int count = extent.of(10_000, 100_000);
        int runs = extent.of(3, 5);
        List<Finding> findings = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (String way : List.of("rewrap", "reencrypt")) {
            narrator.say(way);
            Samples payload = new Samples();
            Samples request = new Samples();
            Samples raw = new Samples();
            try (ChildProgram program = ChildProgram.start(
                    workspace,
                    ItemPipeline.class,
                    List.of("-Xmx128m", "-XX:+UseSerialGC"),
                    List.of(
                            workspace.directory("staging").toString(),
                            way,
                            Integer.toString(count),
                            Integer.toString(runs)))) {
                for (int run = 0; run < runs; run++) {
                    String[] numbers = program.answer().split(" ", -1);
                    payload.add(Double.parseDouble(numbers[0]));
                    request.add(Double.parseDouble(numbers[1]));
                    raw.add(Double.parseDouble(numbers[2]));
                }
            }
            String items = way.equals("rewrap") ? "items with a key of their own" : "items without one";
            findings.add(finding(items + ", from the sealed snapshot to the payload", payload, raw));
            findings.add(finding(items + ", from there through the journal's seal to the request", request, raw));
            notes.add(items + ": " + payload.spread() + "; " + request.spread() + "; bare " + raw.spread()
                    + " (items/s).");
        }
        notes.add(String.format(
                java.util.Locale.ROOT,
                "%,d plain logins with five encrypted fields, in a process with a heap of 128 MiB, after one pass to warm up."
                        + " Reading the snapshot opens AES-GCM and parses JSON; both are part of the way.",
                count));
        return new Outcome(findings, notes);
    }

    private static Finding finding(String measure, Samples ours, Samples raw) {
        return new Finding(
                measure, new Figure(ours.median(), UNIT), CEILING, new Figure(raw.median(), UNIT), Goal.atLeast(LEAST));
    }
}

package io.vaultferry.benchmarks.system;

import io.vaultferry.benchmarks.Benchmark;
import io.vaultferry.benchmarks.Extent;
import io.vaultferry.benchmarks.Figure;
import io.vaultferry.benchmarks.Finding;
import io.vaultferry.benchmarks.Goal;
import io.vaultferry.benchmarks.Outcome;
import io.vaultferry.benchmarks.Workspace;
import io.vaultferry.benchmarks.system.SandboxServer.Calls;
import io.vaultferry.launcher.demo.MigrationApi.Connection;
import io.vaultferry.launcher.demo.MigrationApi.Migration;
import io.vaultferry.launcher.system.Narrator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How well the rate of calls fits a limit that the target does not tell. */
public final class PaceBenchmark implements Benchmark {

    private static final String FILES = "Many small files";
    private static final int FILE = 2_000;
    private static final List<Integer> CHANGING = List.of(20, 4, 20);

    /** So many times longer is measured at the lowest limit. */
    private static final int SLOW = 4;

    private static final double LEAST_OF_THE_LIMIT = 0.85;
    private static final double MOST_REFUSED = 0.02;

    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    @Override
    public String name() {
        return "pace";
    }

    @Override
    public String question() {
        return "How much of a target's hidden limit of calls a second is used, and how many calls does it refuse?";
    }

    @Override
    public Outcome run(Workspace workspace, Extent extent, Narrator narrator) throws IOException, InterruptedException {
        findings.clear();
        notes.clear();
        int files = extent.of(2_500, 4_000);
        int settling = extent.of(5, 15);
        int window = extent.of(15, 45);
        Path tls = workspace.directory("tls");
        try (SandboxServer source = SandboxServer.start(workspace, tls, "--no-tls");
                SandboxServer target = SandboxServer.start(workspace, tls, "--no-tls")) {
            narrator.say("filling the source");
            try (OwnedOrganization organization = OwnedOrganization.create(source, FILES)) {
                organization.add(PlainLogin.many(files));
                organization.addFiles(Collections.nCopies(files, FILE));
            }
            try (RunningVaultferry vaultferry = RunningVaultferry.start(workspace, Optional.empty(), 1)) {
                Connection from = vaultferry.connect("Source", source.url());
                Connection to = vaultferry.connect("Target", target.url());
                String id = vaultferry.migrate(from, FILES, to);
                vaultferry.awaitStep(id, TransferRun.TRANSFER);
                for (int limit : List.of(50, 5)) {
                    steady(target, limit, settling, window, narrator);
                    requireWork(vaultferry.migration(id), limit);
                }
                narrator.say("a limit that changes");
                target.limitRate(CHANGING.getFirst());
                TimeUnit.SECONDS.sleep(settling);
                changing(target, window);
                requireWork(vaultferry.migration(id), 0);
                // So few calls that a single refusal is much, and that it takes long to learn from them.
                steady(target, 1, SLOW * settling, SLOW * window, narrator);
                requireWork(vaultferry.migration(id), 1);
                // Else the services would go on while they are stopped, and wait for the target.
                target.limitRate(0);
            }
        }
        notes.add("Files of 2 kB move from " + files
                + " items through one instance of attachment-service, with more work than the"
                + " limits allow. The target has a token bucket over all its calls that holds one second's worth, and answers 429"
                + " with Retry-After; nothing else tells the limit. Counted by the target for " + window + " s, "
                + settling
                + " s after the limit was set; for the limit of 1 a second " + SLOW
                + " times as long; for the limit that changes, "
                + window + " s of each from its beginning on. One run.");
        return new Outcome(findings, notes);
    }

    private void steady(SandboxServer target, int limit, int settling, int window, Narrator narrator)
            throws IOException, InterruptedException {
        narrator.say("a limit of " + limit + " calls a second");
        target.limitRate(limit);
        TimeUnit.SECONDS.sleep(settling);
        Calls before = target.calls();
        long began = System.nanoTime();
        TimeUnit.SECONDS.sleep(window);
        Calls calls = target.calls().since(before);
        report("limit of " + limit + " a second", calls, limit * seconds(began), seconds(began));
    }

    /** From 20 to 4 a second and back, without time to settle. */
    private void changing(SandboxServer target, int window) throws IOException, InterruptedException {
        long allowed = 0;
        long refused = 0;
        double possible = 0;
        double seconds = 0;
        for (int limit : CHANGING) {
            target.limitRate(limit);
            long began = System.nanoTime();
            TimeUnit.SECONDS.sleep(window);
            Calls calls = target.calls();
            allowed += calls.allowed();
            refused += calls.refused();
            // The bucket is full when a limit is set.
            possible += limit * (seconds(began) + 1);
            seconds += seconds(began);
        }
        report("limit of 20, then 4, then 20 a second", new Calls(allowed, refused), possible, seconds);
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private void report(String measure, Calls calls, double possible, double seconds) {
        findings.add(new Finding(
                measure + ", rate reached",
                new Figure(calls.allowed() / seconds, "calls/s"),
                "allowed",
                new Figure(possible / seconds, "calls/s"),
                Goal.atLeast(LEAST_OF_THE_LIMIT)));
        findings.add(new Finding(
                measure + ", answered 429",
                new Figure(calls.refused(), "calls"),
                "all",
                new Figure(Math.max(1, calls.all()), "calls"),
                Goal.atMost(MOST_REFUSED)));
    }

    /** A migration that stands still, or has ended, reaches no rate. */
    private void requireWork(Migration migration, int limit) {
        String step = RunningVaultferry.step(migration, TransferRun.TRANSFER).status();
        if (!migration.status().equals("RUNNING") || !step.equals("RUNNING")) {
            notes.add("**After the limit of " + (limit == 0 ? "20, 4, 20" : Integer.toString(limit))
                    + " a second the migration was " + migration.status() + " and its step " + step + "**: "
                    + migration.failure());
        }
    }
}

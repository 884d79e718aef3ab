package io.vaultferry.benchmarks.system;

import io.vaultferry.benchmarks.Benchmark;
import io.vaultferry.benchmarks.Extent;
import io.vaultferry.benchmarks.Figure;
import io.vaultferry.benchmarks.Finding;
import io.vaultferry.benchmarks.Goal;
import io.vaultferry.benchmarks.Outcome;
import io.vaultferry.benchmarks.Workspace;
import io.vaultferry.launcher.demo.MigrationApi.Connection;
import io.vaultferry.launcher.system.Narrator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What more instances of attachment-service are good for, when it is the target's latency that takes the time. */
public final class ScaleBenchmark implements Benchmark {

    private static final Duration LATENCY = Duration.ofMillis(200);
    private static final String FILES = "Files";
    private static final String WARM_UP = "Warm up";
    private static final int FILE = 16_000;

    private static final double FOUR_TO_ONE = 3.6;

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String question() {
        return "How much faster are 2 and 4 instances of attachment-service than 1, with a target that takes 200 ms for each call?";
    }

    @Override
    public Outcome run(Workspace workspace, Extent extent, Narrator narrator) throws IOException, InterruptedException {
        int files = extent.of(256, 1_536);
        // Four young processes that compile their code at the same time would measure the compiler of a small machine.
        int warmUpFiles = extent.of(256, 1_024);
        Map<Integer, Double> rates = new TreeMap<>();
        Path tls = workspace.directory("tls");
        try (SandboxServer source = SandboxServer.start(workspace, tls, "--no-tls")) {
            narrator.say("filling the source");
            fill(source, FILES, files);
            fill(source, WARM_UP, warmUpFiles);
            for (int instances : List.of(1, 2, 4)) {
                narrator.say(instances + " of 4 instances");
                rates.put(instances, files / seconds(workspace, tls, source, instances, warmUpFiles, files));
            }
        }
        List<Finding> findings = new ArrayList<>();
        for (int instances : List.of(2, 4)) {
            findings.add(new Finding(
                    instances + " instances",
                    new Figure(rates.get(instances), "files/s"),
                    "1 instance",
                    new Figure(rates.get(1), "files/s"),
                    instances == 4 ? Goal.atLeast(FOUR_TO_ONE) : Goal.NONE));
        }
        return new Outcome(
                findings,
                List.of(
                        files + " files of 16 kB, " + files / RunningVaultferry.SMALL_UNIT
                                + " units, 8 units at a time in each instance; one run for"
                                + " each number of instances, in a new system and to a new target over plain HTTP, after "
                                + warmUpFiles + " files without latency to warm up.",
                        "Measured is the step TRANSFER_ATTACHMENTS from its beginning to its end. Every file is read back."));
    }

    private static void fill(SandboxServer source, String name, int files) throws InterruptedException {
        try (OwnedOrganization organization = OwnedOrganization.create(source, name)) {
            organization.add(PlainLogin.many(files));
            organization.addFiles(Collections.nCopies(files, FILE));
        }
    }

    private static double seconds(
            Workspace workspace, Path tls, SandboxServer from, int instances, int warmUpFiles, int files)
            throws IOException, InterruptedException {
        try (SandboxServer to = SandboxServer.start(workspace, tls, "--no-tls");
                RunningVaultferry vaultferry = RunningVaultferry.startWithSmallUnits(workspace, instances)) {
            Connection source = vaultferry.connect("Source", from.url());
            Connection target = vaultferry.connect("Target", to.url());
            vaultferry.awaitEnd(vaultferry.migrate(source, WARM_UP, target), 2 * warmUpFiles);
            return TransferRun.of(vaultferry, source, FILES, target, to, LATENCY, 2 * files)
                    .seconds();
        }
    }
}

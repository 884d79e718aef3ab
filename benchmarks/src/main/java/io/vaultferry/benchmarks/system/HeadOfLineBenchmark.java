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

/** Whether small files wait for a huge one that keeps a worker busy the whole time. */
public final class HeadOfLineBenchmark implements Benchmark {

    private static final Duration LATENCY = Duration.ofMillis(200);
    private static final String SMALL_ONLY = "Small files";
    private static final String WITH_HUGE = "Small files and a huge one";
    private static final String WARM_UP = "Warm up";
    private static final int WARM_UP_FILES = 128;
    private static final int SMALL = 16_000;

    /** Units that one instance works on at a time, by default. */
    private static final int SLOTS = 8;

    /** Of each download, in bytes a second: what makes the huge file last. */
    private static final int DOWNLOAD_RATE = 1 << 20;

    private static final double MOST = 1.25;

    @Override
    public String name() {
        return "headofline";
    }

    @Override
    public String question() {
        return "When does the last small file arrive, while one huge file keeps a worker busy?";
    }

    @Override
    public Outcome run(Workspace workspace, Extent extent, Narrator narrator) throws IOException, InterruptedException {
        int files = extent.of(160, 400);
        // As long as all of the small ones with one worker fewer, and half as long again.
        int huge = DOWNLOAD_RATE / 10 * files / SLOTS * 15;
        Path tls = workspace.directory("tls");
        try (SandboxServer source =
                SandboxServer.start(workspace, tls, "--no-tls", "--download-rate", Integer.toString(DOWNLOAD_RATE))) {
            narrator.say("filling the source");
            fill(source, WARM_UP, Collections.nCopies(WARM_UP_FILES, SMALL));
            fill(source, SMALL_ONLY, Collections.nCopies(files, SMALL));
            List<Integer> sizes = new ArrayList<>(List.of(huge));
            sizes.addAll(Collections.nCopies(files, SMALL));
            fill(source, WITH_HUGE, sizes);
            try (RunningVaultferry vaultferry = RunningVaultferry.startWithSmallUnits(workspace, 1)) {
                Connection from = vaultferry.connect("Source", source.url());
                try (SandboxServer warm = SandboxServer.start(workspace, tls, "--no-tls")) {
                    vaultferry.awaitEnd(
                            vaultferry.migrate(from, WARM_UP, vaultferry.connect("Warm target", warm.url())),
                            2 * WARM_UP_FILES);
                }
                narrator.say("small files alone");
                Measured alone = measure(workspace, tls, vaultferry, from, SMALL_ONLY, files);
                narrator.say("with a huge one, which is the first in the line");
                Measured beside = measure(workspace, tls, vaultferry, from, WITH_HUGE, files + 1);
                return outcome(files, huge, alone, beside);
            }
        }
    }

    /**
     * Both in seconds.
     *
     * @param lastSmall from the beginning of the step to the end of the last small file
     * @param whole the step
     */
    private record Measured(double lastSmall, double whole) {}

    private static Measured measure(
            Workspace workspace,
            Path tls,
            RunningVaultferry vaultferry,
            Connection from,
            String organization,
            int files)
            throws IOException, InterruptedException {
        try (SandboxServer target = SandboxServer.start(workspace, tls, "--no-tls")) {
            Connection to = vaultferry.connect("Target", target.url());
            TransferRun run = TransferRun.of(vaultferry, from, organization, to, target, LATENCY, 2 * files);
            return new Measured(run.secondsUntilLastFileBelow(2 * SMALL, target), run.seconds());
        }
    }

    private static void fill(SandboxServer source, String name, List<Integer> sizes) throws InterruptedException {
        try (OwnedOrganization organization = OwnedOrganization.create(source, name)) {
            organization.add(PlainLogin.many(sizes.size()));
            organization.addFiles(sizes);
        }
    }

    private static Outcome outcome(int files, int huge, Measured alone, Measured beside) {
        double ideal = alone.lastSmall() * SLOTS / (SLOTS - 1);
        List<String> notes = new ArrayList<>(List.of(
                files + " files of 16 kB in units of " + RunningVaultferry.SMALL_UNIT + ", one of " + (huge >> 20)
                        + " MiB; one instance with " + SLOTS
                        + " workers; the target takes 200 ms for each call, the source lets a download have "
                        + (DOWNLOAD_RATE >> 20) + " MiB a second. One run.",
                "Ideal: the last small file without the huge one came after " + new Figure(alone.lastSmall(), "s")
                        + " with " + SLOTS + " workers; with one fewer the same work takes " + SLOTS + "/" + (SLOTS - 1)
                        + " of that.",
                "The huge file took " + new Figure(beside.whole(), "s")
                        + " (the whole step). The end of a small file is when"
                        + " the target has answered its read-back."));
        if (beside.whole() < beside.lastSmall() * 1.05) {
            notes.add("**The huge file did not last long enough**: the figure says less than it should.");
        }
        return new Outcome(
                List.of(new Finding(
                        "last small file",
                        new Figure(beside.lastSmall(), "s"),
                        "ideal with one worker fewer",
                        new Figure(ideal, "s"),
                        Goal.atMost(MOST))),
                notes);
    }
}

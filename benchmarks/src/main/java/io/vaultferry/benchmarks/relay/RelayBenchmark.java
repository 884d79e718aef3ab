package io.vaultferry.benchmarks.relay;

import io.vaultferry.benchmarks.Benchmark;
import io.vaultferry.benchmarks.ChildProgram;
import io.vaultferry.benchmarks.Extent;
import io.vaultferry.benchmarks.Figure;
import io.vaultferry.benchmarks.Finding;
import io.vaultferry.benchmarks.Goal;
import io.vaultferry.benchmarks.Outcome;
import io.vaultferry.benchmarks.Samples;
import io.vaultferry.benchmarks.Workspace;
import io.vaultferry.benchmarks.relay.CurlPipe.Cost;
import io.vaultferry.benchmarks.relay.Mover.Check;
import io.vaultferry.bitwarden.crypto.AttachmentFormat;
import io.vaultferry.launcher.system.Narrator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Processor time and wall time of moving files, beside {@code curl | curl} between the same servers. */
public final class RelayBenchmark implements Benchmark {

    /** As the launcher starts attachment-service. */
    static final List<String> JAVA_OPTIONS =
            List.of("-Xmx192m", "-XX:+UseSerialGC", "-Djdk.httpclient.keepalive.timeout=4");

    private static final double GIB = 1L << 30;
    private static final String CPU = "CPU-s/GiB";
    private static final String CURL = "curl | curl";
    private static final double MOST_CPU = 1.0;
    private static final double MOST_CPU_WITH_HMAC = 1.5;
    private static final double MOST_WALL = 1.15;
    private static final int SMALL = 64 * 1024;
    private static final int STREAMS = 8;
    private static final int WARM_UP_ROUNDS = 2;

    /** Files of one size, and how many at a time. */
    private record Load(String name, int count, long size, int parallel) {

        static Load of(String name, int count, long plainSize, int parallel) {
            return new Load(name, count, AttachmentFormat.encryptedSize(plainSize - 1), parallel);
        }

        double gib() {
            return count * size / GIB;
        }

        String order(Check check) {
            return check + " " + count + " " + size + " " + parallel;
        }
    }

    /** Samples of ours and of the peer, for wall time and processor time. */
    private record Pair(Samples ours, Samples peers) {

        Pair() {
            this(new Samples(), new Samples());
        }

        Finding finding(String measure, String unit, String peer, Goal goal) {
            return new Finding(measure, new Figure(ours.median(), unit), peer, new Figure(peers.median(), unit), goal);
        }
    }

    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    @Override
    public String name() {
        return "relay";
    }

    @Override
    public String question() {
        return "What does moving files cost, beside `curl SOURCE | curl -T - TARGET` between the same two servers?";
    }

    @Override
    public Outcome run(Workspace workspace, Extent extent, Narrator narrator) throws IOException, InterruptedException {
        CurlPipe.require();
        findings.clear();
        notes.clear();
        int runs = extent.of(3, 5);
        long large = (long) extent.of(256, 1024) << 20;
        Load one = Load.of("1 × " + (large >> 20) + " MiB", 1, large, 1);
        Load eight = Load.of(STREAMS + " × " + (large >> 22) + " MiB at a time", STREAMS, large >> 2, STREAMS);
        try (ChildProgram source = ChildProgram.start(workspace, FileServer.class, List.of(), List.of());
                ChildProgram target = ChildProgram.start(workspace, FileServer.class, List.of(), List.of());
                ChildProgram keeper = ChildProgram.start(
                        workspace,
                        FileServer.class,
                        List.of(),
                        List.of("--keep", workspace.directory("kept").toString()))) {
            String from = source.answer();
            String to = target.answer();
            String kept = keeper.answer();
            CurlPipe curl = new CurlPipe(from, to);
            try (ChildProgram mover = mover(workspace, from, to)) {
                narrator.say("warming up");
                for (int round = 0; round < WARM_UP_ROUNDS; round++) {
                    mover.ask(one.order(Check.HMAC));
                    mover.ask(one.order(Check.NONE));
                }
                curl.move(1, one.size(), 1, false);
                for (Load load : List.of(one, eight)) {
                    narrator.say(load.name());
                    compareCost(mover, curl, load, runs);
                }
                narrator.say("small files");
                compareSmallFiles(mover, curl, extent);
            }
            narrator.say("with the bytes read back");
            try (ChildProgram mover = mover(workspace, from, kept)) {
                mover.ask(one.order(Check.READ_BACK));
                compareVerified(mover, new CurlPipe(from, kept), one, runs);
                compareVerified(mover, new CurlPipe(from, kept), eight, runs);
            }
            costOfACarelessStart(workspace, from, to, one);
        }
        notes.add(
                "CPU time of Vaultferry is that of one process that runs only the client and the check (user and system, every"
                        + " thread, compiler and collector included), after " + 2 * WARM_UP_ROUNDS
                        + " files to warm up: attachment-service runs for days. Servers"
                        + " are processes of their own and not counted.");
        notes.add("curl does not know the length: it sends chunks by PUT, Vaultferry a form of exact length by POST.");
        return new Outcome(findings, notes);
    }

    private static ChildProgram mover(Workspace workspace, String from, String to) throws IOException {
        return ChildProgram.start(workspace, Mover.class, JAVA_OPTIONS, List.of(from, to));
    }

    /** In turns, so that what disturbs the machine disturbs all of them. */
    private void compareCost(ChildProgram mover, CurlPipe curl, Load load, int runs)
            throws IOException, InterruptedException {
        Pair cpu = new Pair();
        Pair cpuWithHmac = new Pair();
        Pair wall = new Pair();
        for (int run = 0; run < runs; run++) {
            cpu.ours().add(cpuSeconds(mover, load.order(Check.NONE)) / load.gib());
            double before = mover.cpuSeconds();
            double seconds = seconds(mover.ask(load.order(Check.HMAC)));
            cpuWithHmac.ours().add((mover.cpuSeconds() - before) / load.gib());
            wall.ours().add(seconds);
            Cost cost = curl.move(load.count(), load.size(), load.parallel(), false);
            cpu.peers().add(cost.cpu() / load.gib());
            cpuWithHmac.peers().add(cost.cpu() / load.gib());
            wall.peers().add(cost.wall());
        }
        findings.add(cpu.finding(load.name() + ", bare transport", CPU, CURL, Goal.atMost(MOST_CPU)));
        findings.add(cpuWithHmac.finding(load.name() + ", with HMAC", CPU, CURL, Goal.atMost(MOST_CPU_WITH_HMAC)));
        findings.add(wall.finding(load.name() + ", with HMAC, wall", "s", CURL, Goal.NONE));
        notes.add(load.name() + ": " + CPU + " bare " + cpu.ours().spread() + ", with HMAC "
                + cpuWithHmac.ours().spread() + ", curl " + cpu.peers().spread() + ".");
    }

    private void compareSmallFiles(ChildProgram mover, CurlPipe curl, Extent extent)
            throws IOException, InterruptedException {
        int count = extent.of(500, 2000);
        int sampled = extent.of(50, 200);
        Load small = Load.of(count + " × 64 KiB", count, SMALL, STREAMS);
        mover.ask(small.order(Check.HMAC));
        double before = mover.cpuSeconds();
        double seconds = seconds(mover.ask(small.order(Check.HMAC)));
        double cpu = mover.cpuSeconds() - before;
        Cost cost = curl.move(sampled, small.size(), STREAMS, false);
        double factor = (double) count / sampled;
        String peer = "two curl processes a file";
        String measure = small.name() + ", " + STREAMS + " at a time, with HMAC";
        findings.add(new Finding(
                measure + ", wall", new Figure(seconds, "s"), peer, new Figure(cost.wall() * factor, "s"), Goal.NONE));
        findings.add(new Finding(
                measure + ", CPU",
                new Figure(cpu, "CPU-s"),
                peer,
                new Figure(cost.cpu() * factor, "CPU-s"),
                Goal.NONE));
        notes.add("Small files: measured once, curl with " + sampled + " files and extrapolated to " + count
                + ". Vaultferry asks for a link to each file besides.");
    }

    private void compareVerified(ChildProgram mover, CurlPipe curl, Load load, int runs)
            throws IOException, InterruptedException {
        Pair wall = new Pair();
        for (int run = 0; run < runs; run++) {
            wall.ours().add(seconds(mover.ask(load.order(Check.READ_BACK))));
            wall.peers()
                    .add(curl.move(load.count(), load.size(), load.parallel(), true)
                            .wall());
        }
        findings.add(wall.finding(
                load.name() + ", with HMAC, read back and compared, wall",
                "s",
                CURL + "; curl | sha256sum",
                Goal.atMost(MOST_WALL)));
        notes.add(load.name() + " read back, to a server that keeps the bytes on disk: "
                + wall.ours().spread() + ", peer " + wall.peers().spread() + ".");
    }

    /** What a process costs that starts for one file, which is not how Vaultferry works. */
    private void costOfACarelessStart(Workspace workspace, String from, String to, Load load) throws IOException {
        try (ChildProgram mover = mover(workspace, from, to)) {
            mover.ask(load.order(Check.HMAC));
            notes.add("A new JVM for " + load.name() + " with HMAC: " + new Figure(mover.cpuSeconds(), "CPU-s")
                    + " in all, its start and compilation included.");
        }
    }

    private static double cpuSeconds(ChildProgram mover, String order) throws IOException {
        double before = mover.cpuSeconds();
        mover.ask(order);
        return mover.cpuSeconds() - before;
    }

    private static double seconds(String answer) {
        return Long.parseLong(answer.substring(0, answer.indexOf(' '))) / 1e9;
    }
}

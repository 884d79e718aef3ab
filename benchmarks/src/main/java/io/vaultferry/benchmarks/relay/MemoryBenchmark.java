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
import io.vaultferry.benchmarks.relay.Mover.Check;
import io.vaultferry.bitwarden.crypto.AttachmentFormat;
import io.vaultferry.launcher.system.Narrator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Whether memory grows with the size of files. */
public final class MemoryBenchmark implements Benchmark {

    private static final int HEAP_MIB = 64;
    private static final int STREAMS = 8;
    private static final double MOST_GROWTH = 1.10;
    private static final double MIB = 1L << 20;
    private static final long SMALL = 256L << 20;
    private static final int WARM_UP = 4;
    private static final int RUNS = 3;
    private static final String MIB_UNIT = "MiB";
    private static final List<String> JAVA_OPTIONS =
            List.of("-Xmx" + HEAP_MIB + "m", "-XX:+UseSerialGC", "-Djdk.httpclient.keepalive.timeout=4");

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String question() {
        return "Does a mover with a heap of " + HEAP_MIB + " MiB need more memory for large files than for small ones?";
    }

    /** What a process held at most. */
    private record Peak(double residentMib, double heapMib) {}

    @Override
    public Outcome run(Workspace workspace, Extent extent, Narrator narrator) throws IOException {
        long large = (long) extent.of(2, 8) << 30;
        List<Finding> findings = new ArrayList<>();
        Samples few = new Samples();
        Samples much = new Samples();
        Samples streams = new Samples();
        Samples heap = new Samples();
        try (ChildProgram source = ChildProgram.start(workspace, FileServer.class, List.of(), List.of());
                ChildProgram target = ChildProgram.start(workspace, FileServer.class, List.of(), List.of())) {
            List<String> servers = List.of(source.answer(), target.answer());
            for (int run = 1; run <= RUNS; run++) {
                narrator.say("files of 256 MiB, of " + (large >> 30) + " GiB, and " + STREAMS + " streams, " + run
                        + " of " + RUNS);
                few.add(peak(workspace, servers, 1, SMALL, 1).residentMib());
                much.add(peak(workspace, servers, 1, large, 1).residentMib());
                Peak all = peak(workspace, servers, STREAMS, large / STREAMS, STREAMS);
                streams.add(all.residentMib());
                heap.add(all.heapMib());
            }
            findings.add(new Finding(
                    "peak resident memory, one file of " + (large >> 30) + " GiB",
                    new Figure(much.median(), MIB_UNIT),
                    "one file of 256 MiB",
                    new Figure(few.median(), MIB_UNIT),
                    Goal.atMost(MOST_GROWTH)));
            findings.add(new Finding(
                    "heap taken from the system, " + STREAMS + " streams of " + ((large / STREAMS) >> 20) + " MiB each",
                    new Figure(heap.median(), MIB_UNIT),
                    "allowed",
                    new Figure(HEAP_MIB, MIB_UNIT),
                    Goal.atMost(1)));
            findings.add(new Finding(
                    "peak resident memory, " + STREAMS + " streams",
                    new Figure(streams.median(), MIB_UNIT),
                    "one file of 256 MiB",
                    new Figure(few.median(), MIB_UNIT),
                    Goal.NONE));
        }
        return new Outcome(
                findings,
                List.of(
                        "Each in a new process with `-Xmx" + HEAP_MIB + "m`, with HMAC, after " + WARM_UP + " files of "
                                + (SMALL >> 20)
                                + " MiB: compiling the code, and the first use of the heap, take memory that does not depend"
                                + " on the size of files. Medians of " + RUNS + " processes each: " + few.spread()
                                + "; " + much.spread()
                                + "; " + streams.spread() + "."
                                + " Resident memory is VmHWM of the kernel, of the whole process.",
                        "The files are made while they are sent: nothing of them is on a disk."));
    }

    private static Peak peak(Workspace workspace, List<String> servers, int count, long plainSize, int parallel)
            throws IOException {
        try (ChildProgram mover = ChildProgram.start(workspace, Mover.class, JAVA_OPTIONS, servers)) {
            mover.ask(order(WARM_UP, SMALL, 1));
            String answer = mover.ask(order(count, plainSize, parallel));
            return new Peak(mover.peakResidentMib(), Long.parseLong(answer.substring(answer.indexOf(' ') + 1)) / MIB);
        }
    }

    private static String order(int count, long plainSize, int parallel) {
        return Check.HMAC + " " + count + " " + AttachmentFormat.encryptedSize(plainSize - 1) + " " + parallel;
    }
}

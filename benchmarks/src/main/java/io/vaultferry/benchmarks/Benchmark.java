package io.vaultferry.benchmarks;

import io.vaultferry.launcher.system.Narrator;
import java.io.IOException;

/** One question about speed or memory, asked of Vaultferry and of its peer in the same run. */
public interface Benchmark {

    /** As it is typed: {@code ./ferry bench relay}. */
    String name();

    /** What is compared with what, as a sentence. */
    String question();

    /**
     * Measures.
     *
     * @param workspace for files and processes; everything in it goes away afterwards
     * @param narrator is told what is being done, since most of this takes a while
     * @throws NotMeasuredException when this machine lacks something
     */
    Outcome run(Workspace workspace, Extent extent, Narrator narrator) throws IOException, InterruptedException;
}

package io.vaultferry.benchmarks;

import io.vaultferry.infrastructure.process.CannotStartException;
import io.vaultferry.launcher.system.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Handler;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program behind {@code ./ferry bench}. */
@Command(
        name = "bench",
        description = "Measures Vaultferry beside what one would use without it.",
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {

    private static final int TOO_BUSY = 3;

    /** Kept, because a logger without owner forgets its handlers. */
    private static final Logger ROOT = Logger.getLogger("");

    private final List<Benchmark> known;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Which ones; all without a name.")
    private List<String> names = List.of();

    @Option(names = "--list", description = "Says which there are.")
    private boolean list;

    @Option(names = "--quick", description = "Small sizes and few runs.")
    private boolean quick;

    @Option(names = "--force", description = "Measures although the machine is busy.")
    private boolean force;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where the results are written (docs/benchmarks.md); none writes no file.")
    private String output;

    BenchCommand(List<Benchmark> known) {
        this.known = List.copyOf(known);
    }

    public static void main(String[] arguments) {
        // Kafka runs in this process and would log to the terminal.
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        System.exit(commandLine(Benchmarks.all()).execute(arguments));
    }

    static CommandLine commandLine(List<Benchmark> known) {
        return new CommandLine(new BenchCommand(known));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            known.forEach(benchmark -> out.printf("%-12s %s%n", benchmark.name(), benchmark.question()));
            return 0;
        }
        List<Benchmark> chosen = chosen();
        Load before = Load.now();
        if (before.isTooHigh()) {
            String busy = "The machine is busy: load " + before + ". What is measured now is about the others.";
            if (!force) {
                spec.commandLine().getErr().println("ferry: " + busy + " Wait, or say --force.");
                return TOO_BUSY;
            }
            say("WARNING: " + busy);
        }
        say("Machine: " + Machine.describe());
        int failed = 0;
        for (Benchmark benchmark : chosen) {
            Section section;
            try {
                section = measure(benchmark);
            } catch (IOException | RuntimeException e) {
                // The others can be measured all the same.
                sayFailed(benchmark, e);
                failed++;
                continue;
            }
            section.terminal().forEach(out::println);
            out.flush();
            document().ifPresent(results -> {
                results.putMachine(Machine.describe());
                results.put(section);
            });
        }
        return failed == 0 ? 0 : 1;
    }

    private void sayFailed(Benchmark benchmark, Exception failure) {
        PrintWriter err = spec.commandLine().getErr();
        if (failure instanceof CannotStartException) {
            err.println("ferry: " + benchmark.name() + " failed: " + failure.getMessage());
        } else {
            err.println("ferry: " + benchmark.name() + " failed: " + failure);
            failure.printStackTrace(err);
        }
    }

    private List<Benchmark> chosen() {
        if (names.isEmpty()) {
            return known;
        }
        List<Benchmark> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(known.stream()
                    .filter(benchmark -> benchmark.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new CommandLine.ParameterException(
                            spec.commandLine(), "There is no benchmark " + name + ": ./ferry bench --list")));
        }
        return chosen;
    }

    private Section measure(Benchmark benchmark) throws IOException, InterruptedException {
        Extent extent = quick ? Extent.QUICK : Extent.FULL;
        Load load = Load.now();
        say(benchmark.name() + " begins");
        Instant began = Instant.now();
        long start = System.nanoTime();
        Outcome outcome;
        try (Workspace workspace = Workspace.make()) {
            outcome = run(benchmark, workspace, extent);
        } catch (NotMeasuredException e) {
            outcome = Outcome.notMeasured(e.getMessage());
        }
        return new Section(
                benchmark.name(),
                benchmark.question(),
                began,
                load,
                Duration.ofNanos(System.nanoTime() - start),
                extent,
                outcome);
    }

    private Outcome run(Benchmark benchmark, Workspace workspace, Extent extent)
            throws IOException, InterruptedException {
        try {
            return benchmark.run(workspace, extent, sentence -> say(benchmark.name() + ": " + sentence));
        } catch (IOException | RuntimeException e) {
            if (!(e instanceof NotMeasuredException)) {
                say(benchmark.name() + " leaves its files and logs in " + workspace.keep());
            }
            throw e;
        }
    }

    private java.util.Optional<ResultsDocument> document() {
        if ("none".equals(output)) {
            return java.util.Optional.empty();
        }
        Path file = output == null ? Installation.find().home().resolve("docs/benchmarks.md") : Path.of(output);
        return java.util.Optional.of(new ResultsDocument(file));
    }

    private void say(String sentence) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(sentence);
        out.flush();
    }
}

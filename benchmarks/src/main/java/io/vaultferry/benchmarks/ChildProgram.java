package io.vaultferry.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Java program of this project in a process of its own. It takes lines on standard input, answers lines on standard output, and
 * ends when its input ends, so that none outlives this one.
 */
public final class ChildProgram implements AutoCloseable {

    private static final long SECONDS_TO_END = 20;
    private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final Writer orders;
    private final Path errors;

    private ChildProgram(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        this.errors = errors;
    }

    /** Starts a program with the class path of this one; what it prints to standard error is shown when it fails. */
    public static ChildProgram start(
            Workspace workspace, Class<?> program, List<String> javaOptions, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(arguments);
        Path errors = workspace.file(program.getSimpleName() + ".err");
        return new ChildProgram(
                program.getSimpleName(),
                new ProcessBuilder(command).redirectError(errors.toFile()).start(),
                errors);
    }

    /** The next line that the program prints. */
    public String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(name + " ended: " + Files.readString(errors));
        }
        return line;
    }

    /** Sends a line and waits for one. */
    public String ask(String order) throws IOException {
        orders.write(order + "\n");
        orders.flush();
        return answer();
    }

    /** Processor time that it has used so far, of all its threads, in seconds. */
    public double cpuSeconds() {
        return process.info()
                        .totalCpuDuration()
                        .map(Duration::toNanos)
                        .orElseThrow(() -> new NotMeasuredException("this system does not tell processes' CPU time"))
                / (double) NANOS;
    }

    /** The most memory that it had resident, in MiB. */
    public double peakResidentMib() {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        try (Stream<String> lines = Files.lines(status)) {
            OptionalLong kibibytes = lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst();
            return kibibytes.orElseThrow() / 1024.0;
        } catch (IOException e) {
            throw new NotMeasuredException("this system does not tell processes' peak memory", e);
        }
    }

    @Override
    public void close() {
        try {
            orders.close();
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

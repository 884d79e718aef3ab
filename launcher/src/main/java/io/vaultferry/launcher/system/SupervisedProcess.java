package io.vaultferry.launcher.system;

import io.vaultferry.infrastructure.process.CannotStartException;
import io.vaultferry.infrastructure.process.ProcessGuard;
import io.vaultferry.infrastructure.process.StopSignal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * One service: its process, which is started again whenever it ends by itself.
 *
 * <pre>
 * starting --ready--> running --ended--> waiting (1, 2, 4 .. 30 s) --> starting
 *     |                                                                  |
 *     +--ended or not ready in time, the very first time--> failed       +--ended--> waiting
 * </pre>
 */
public final class SupervisedProcess {

    private static final Duration READY_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final int PORT_ATTEMPTS = 3;

    /** What is run; asked for anew at every start, because a port may be taken meanwhile. */
    record Launch(List<String> command, URI url) {}

    private enum Start {
        READY,
        ENDED,
        LATE
    }

    private final String name;
    private final Path log;
    private final Supplier<Launch> launches;
    private final ProcessGuard guard;
    private final HttpClient http;
    private final Narrator narrator;
    private final CompletableFuture<Void> firstReady = new CompletableFuture<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread supervisor;
    private volatile Process process;
    private volatile URI url;
    private final AtomicInteger restarts = new AtomicInteger();
    private volatile boolean ready;

    SupervisedProcess(
            String name, Path log, Supplier<Launch> launches, ProcessGuard guard, HttpClient http, Narrator narrator) {
        this.name = name;
        this.log = log;
        this.launches = launches;
        this.guard = guard;
        this.http = http;
        this.narrator = narrator;
        this.supervisor =
                Thread.ofPlatform().daemon().name(name + "-supervisor").unstarted(this::supervise);
    }

    void start() {
        supervisor.start();
    }

    /** For example {@code attachment-service-2}. */
    public String name() {
        return name;
    }

    /** The process that runs now or ran last. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Where the service answers HTTP; changes when the service is started again. */
    public URI url() {
        return url;
    }

    /** How often the process ended by itself and was started again. */
    public int restarts() {
        return restarts.get();
    }

    /** Whether the process that runs now has been healthy at least once. */
    public boolean ready() {
        return ready && process.isAlive();
    }

    public Path log() {
        return log;
    }

    /** Completes when the service is healthy for the first time, or fails with a {@link CannotStartException}. */
    CompletableFuture<Void> firstReady() {
        return firstReady;
    }

    /** Asks the process to end; {@link #awaitEnd()} waits for it. */
    void beginStop() {
        stopping.countDown();
        Process running = process;
        if (running != null) {
            ProcessGuard.send(running, StopSignal.TERM);
        }
    }

    void awaitEnd() {
        Process running = process;
        if (running != null) {
            ProcessGuard.stop(running, StopSignal.TERM, STOP_PATIENCE);
        }
        // A start that was under way when the stop began is noticed and undone by the supervisor itself.
        try {
            supervisor.join(STOP_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void supervise() {
        try {
            if (!startForTheFirstTime()) {
                return;
            }
            Duration pause = FIRST_PAUSE;
            while (true) {
                long began = System.nanoTime();
                int exitCode = process.waitFor();
                ready = false;
                // A stop, or a Ctrl-C that also reached the child, may be the reason.
                if (stopping.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                if (System.nanoTime() - began > LONGEST_PAUSE.toNanos()) {
                    pause = FIRST_PAUSE;
                }
                narrator.say(name + " ended (" + describe(exitCode) + ") and is started again in " + pause.toSeconds()
                        + " s. Its log: " + log);
                if (stopping.await(pause.minus(GRACE).toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                pause = pause.compareTo(LONGEST_PAUSE.dividedBy(2)) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                startAgain();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            firstReady.completeExceptionally(new CannotStartException(name + " was stopped while starting"));
        }
    }

    private boolean startForTheFirstTime() throws InterruptedException {
        try {
            Start start = launch();
            for (int attempt = 1; start == Start.ENDED && lostThePort() && attempt < PORT_ATTEMPTS; attempt++) {
                start = launch();
            }
            if (start == Start.READY) {
                ready = true;
                firstReady.complete(null);
                return true;
            }
            firstReady.completeExceptionally(failureOf(start));
        } catch (CannotStartException e) {
            firstReady.completeExceptionally(e);
        }
        return false;
    }

    private void startAgain() throws InterruptedException {
        restarts.incrementAndGet();
        long began = System.nanoTime();
        try {
            switch (launch()) {
                case READY -> {
                    ready = true;
                    narrator.say(name + " is healthy again (" + seconds(began) + " s)");
                }
                case LATE ->
                    narrator.say(name + " is not healthy " + READY_PATIENCE.toSeconds()
                            + " s after its start. Its log: " + log);
                case ENDED -> {
                    // The loop says so and tries again, later.
                }
            }
        } catch (CannotStartException e) {
            narrator.say(name + " cannot be started: " + e.getMessage());
        }
    }

    private Start launch() throws InterruptedException {
        Launch launch = launches.get();
        try {
            process = guard.start(launch.command(), log, StopSignal.TERM);
        } catch (IOException e) {
            throw new CannotStartException(name + " does not start: " + e.getMessage(), e);
        }
        url = launch.url();
        long deadline = System.nanoTime() + READY_PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (isStopping()) {
                ProcessGuard.stop(process, StopSignal.TERM, STOP_PATIENCE);
            }
            if (process.waitFor(150, TimeUnit.MILLISECONDS)) {
                return Start.ENDED;
            }
            if (isHealthy(launch.url())) {
                return Start.READY;
            }
        }
        return Start.LATE;
    }

    private boolean isHealthy(URI service) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/q/health/ready"))
                .timeout(HEALTH_TIMEOUT)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private CannotStartException failureOf(Start start) {
        if (start == Start.LATE) {
            ProcessGuard.stop(process, StopSignal.TERM, STOP_PATIENCE);
            return new CannotStartException(
                    name + " is not healthy after " + READY_PATIENCE.toSeconds() + " s. Its log: " + log);
        }
        return new CannotStartException(name + " ended while starting (" + describe(process.exitValue()) + ")"
                + causeInLog() + ". Its log: " + log);
    }

    /** As Quarkus says it. */
    private boolean lostThePort() {
        return endOfLog().stream().anyMatch(line -> line.contains("seems to be in use by another process"));
    }

    /** What the log says last of a failure, without the stack traces around it. */
    private String causeInLog() {
        return endOfLog().reversed().stream()
                .filter(line -> line.startsWith("Caused by: ") || line.contains(" ERROR "))
                .findFirst()
                .map(line -> ": " + line.replaceFirst("^Caused by: ", "").strip())
                .orElse("");
    }

    private List<String> endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.subList(Math.max(0, lines.size() - 200), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private static String seconds(long began) {
        return "%.1f".formatted((System.nanoTime() - began) / 1e9);
    }

    private static String describe(int exitCode) {
        // The shell's convention, which Java follows: 128 and the number of the signal.
        return switch (exitCode) {
            case 3 -> "out of memory";
            case 137 -> "killed";
            case 143 -> "stopped from outside";
            default -> exitCode > 128 ? "signal " + (exitCode - 128) : "exit code " + exitCode;
        };
    }
}

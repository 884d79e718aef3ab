package io.vaultferry.launcher;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How the program ends: by itself or by a signal (Ctrl-C, SIGTERM), in both cases only after everything that runs was stopped, and
 * with an exit code of our choice instead of the JVM's 130 or 143.
 */
final class Ending {

    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final AtomicReference<Runnable> cleanup = new AtomicReference<>(() -> {});
    private final AtomicInteger exitCodeOnSignal = new AtomicInteger();
    private final AtomicBoolean cleaned = new AtomicBoolean();
    private final AtomicBoolean signaled = new AtomicBoolean();

    /** @param exitCodeOnSignal until {@link #exitCodeOnSignal} says otherwise */
    static Ending prepare(int exitCodeOnSignal) {
        Ending ending = new Ending();
        ending.exitCodeOnSignal.set(exitCodeOnSignal);
        Runtime.getRuntime().addShutdownHook(new Thread(ending::onSignal, "ending"));
        return ending;
    }

    /** What has to be stopped from now on; replaces what was said before. */
    void stops(Runnable everything) {
        cleanup.set(everything);
    }

    void exitCodeOnSignal(int exitCode) {
        exitCodeOnSignal.set(exitCode);
    }

    /** Stops everything; the program may end then. */
    void cleanUp() {
        if (cleaned.compareAndSet(false, true)) {
            cleanup.get().run();
        }
    }

    /** When a signal has come, whatever fails now fails because everything is being stopped, and is of no interest: never returns. */
    void awaitEndIfSignaled() throws InterruptedException {
        if (signaled.get()) {
            new CountDownLatch(1).await();
        }
    }

    private void onSignal() {
        if (cleaned.get()) {
            return;
        }
        signaled.set(true);
        Thread work = Thread.ofPlatform().daemon().name("clean-up").start(this::cleanUp);
        try {
            work.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Children that are left are stopped by their guard.
        Runtime.getRuntime().halt(exitCodeOnSignal.get());
    }
}

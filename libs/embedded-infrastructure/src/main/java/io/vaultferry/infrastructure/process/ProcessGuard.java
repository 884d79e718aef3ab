package io.vaultferry.infrastructure.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Starts child processes that end with this one, even when this one is killed by SIGKILL.
 *
 * <p>A few lines of shell read the process ids from a pipe. The kernel closes the pipe when this process ends, in whatever way, and
 * the shell then stops what is left on its list: first by each child's own signal, after five seconds by SIGKILL. This needs nothing
 * but a POSIX shell, so it works on Linux and macOS alike, and nothing in the children.
 *
 * <p>Where {@code setsid} exists, children get a session of their own: Ctrl-C in a terminal then reaches only this process, which
 * stops its children in the right order.
 *
 * <p>Thread-safe.
 */
public final class ProcessGuard implements AutoCloseable {

    private static final String WATCHDOG = """
            trap '' INT HUP TERM
            list=''
            while read -r what pid signal; do
              case $what in
              start) list="$list $pid:$signal" ;;
              end)
                rest=''
                for entry in $list; do [ "${entry%%:*}" = "$pid" ] || rest="$rest $entry"; done
                list=$rest ;;
              esac
            done
            for entry in $list; do kill -"${entry#*:}" "${entry%%:*}" 2>/dev/null; done
            tries=0
            while [ $tries -lt 50 ]; do
              alive=''
              for entry in $list; do kill -0 "${entry%%:*}" 2>/dev/null && alive=yes; done
              [ -n "$alive" ] || exit 0
              tries=$((tries + 1))
              sleep 0.1
            done
            for entry in $list; do kill -KILL "${entry%%:*}" 2>/dev/null; done
            """;

    private final Process watchdog;
    private final Writer orders;
    private volatile boolean closed;

    private ProcessGuard(Process watchdog) {
        this.watchdog = watchdog;
        this.orders = watchdog.outputWriter(StandardCharsets.US_ASCII);
    }

    /**
     * Starts the watchdog.
     *
     * @throws UncheckedIOException when there is no POSIX shell
     */
    public static ProcessGuard open() {
        try {
            return new ProcessGuard(new ProcessBuilder(inOwnSession(List.of("/bin/sh", "-c", WATCHDOG)))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start /bin/sh, which watches over the child processes", e);
        }
    }

    /**
     * Starts a child whose output is appended to a log file.
     *
     * @param command the program and its arguments; no secret belongs here, because every user of the machine can read it
     * @param log     where standard output and standard error go
     * @param signal  how the child is asked to end
     * @throws IOException when the program cannot be run, or the guard is closed
     */
    @SuppressWarnings("FutureReturnValueIgnored") // what follows the end of the child cannot fail
    public Process start(List<String> command, Path log, StopSignal signal) throws IOException {
        Process process = new ProcessBuilder(inOwnSession(command))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        tell("start " + process.pid() + " " + signal + "\n");
        if (closed) {
            process.destroyForcibly();
            throw new IOException("everything is being stopped");
        }
        process.onExit().thenAccept(ended -> tell("end " + ended.pid() + "\n"));
        return process;
    }

    /**
     * Asks a child to end, and ends it by force when it has not done so in time.
     *
     * @return true when the child ended by itself
     */
    public static boolean stop(Process process, StopSignal signal, Duration patience) {
        send(process, signal);
        try {
            if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Sends the signal and does not wait. */
    public static void send(Process process, StopSignal signal) {
        switch (signal) {
            case TERM -> process.destroy();
            // Java itself knows only SIGTERM and SIGKILL.
            case INT -> interrupt(process);
        }
    }

    private static void interrupt(Process process) {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -INT " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void tell(String order) {
        try {
            orders.write(order);
            orders.flush();
        } catch (IOException e) {
            // The watchdog is gone (closed, or killed by hand). Children still end with an orderly shutdown.
        }
    }

    private static List<String> inOwnSession(List<String> command) {
        List<String> whole = new ArrayList<>();
        if (hasSetsid()) {
            whole.add("setsid");
        } else {
            // An ignored signal stays ignored in the program that the shell turns into.
            whole.addAll(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
        }
        whole.addAll(command);
        return whole;
    }

    private static boolean hasSetsid() {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Stream.of(path.split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "setsid")));
    }

    /** Stops, through the watchdog, whatever still runs. */
    @Override
    public void close() {
        closed = true;
        try {
            synchronized (this) {
                orders.close();
            }
            watchdog.waitFor();
        } catch (IOException e) {
            // The pipe is already closed: the watchdog is at work or gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

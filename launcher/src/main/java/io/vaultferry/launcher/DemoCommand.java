package io.vaultferry.launcher;

import io.vaultferry.infrastructure.Durability;
import io.vaultferry.launcher.demo.Demo;
import io.vaultferry.launcher.demo.DemoServers;
import io.vaultferry.launcher.demo.MoreFiles;
import io.vaultferry.launcher.system.DataDirectory;
import io.vaultferry.launcher.system.Installation;
import io.vaultferry.launcher.system.SystemSettings;
import io.vaultferry.launcher.system.VaultferrySystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows a whole migration on one machine, without any server of the user. */
@Command(
        name = "demo",
        description = "Migrates a recorded organization between two sandbox servers and shows the report.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final int USUAL_PORT = 8080;
    private static final int INTERRUPTED = 130;
    private static final int MOST_FILES = 10_000;
    private static final int MOST_LARGE_FILES = 16;
    /** What the recorded server takes of a single file. */
    private static final int LARGEST_MIB = 500;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--exit",
            description = "end after the report; exit code 0 only when nothing is missing or different")
    private boolean exit;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "of the REST API (8080, or a free one when that is taken)")
    private Integer port;

    @Option(
            names = "--attachment-workers",
            defaultValue = "1",
            paramLabel = "N",
            description = "processes of attachment-service (${DEFAULT-VALUE})")
    private int attachmentWorkers;

    @Option(
            names = "--files",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "so many more small files in the source (${DEFAULT-VALUE}). With several attachment workers, one of them is"
                            + " killed while files are moved, and another one joins")
    private int files;

    @Option(
            names = "--large",
            defaultValue = "0",
            paramLabel = "M",
            description = "so many more large files in the source (${DEFAULT-VALUE})")
    private int large;

    @Option(
            names = "--large-size",
            defaultValue = "256",
            paramLabel = "MIB",
            description = "size of each large file in MiB (${DEFAULT-VALUE})")
    private int largeSize;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port != null) {
            UpCommand.requirePort(spec, port);
        }
        UpCommand.requireWorkers(spec, attachmentWorkers);
        require("--files", files, 0, MOST_FILES);
        require("--large", large, 0, MOST_LARGE_FILES);
        require("--large-size", largeSize, 1, LARGEST_MIB);
        Terminal terminal = Terminal.standard();
        Ending ending = Ending.prepare(INTERRUPTED);
        Deque<Runnable> started = new ArrayDeque<>();
        ending.stops(() -> {
            synchronized (started) {
                started.forEach(Runnable::run);
            }
        });
        Path directory = Files.createTempDirectory("vaultferry-demo-");
        AtomicBoolean complete = new AtomicBoolean();
        // What went wrong is in the logs, so they are only thrown away when nothing did.
        push(started, () -> {
            if (complete.get()) {
                delete(directory);
            } else {
                terminal.say("The logs are kept in " + directory);
            }
        });
        try {
            complete.set(migrate(terminal, directory, started));
            ending.exitCodeOnSignal(complete.get() ? 0 : 1);
            if (!exit) {
                terminal.say("Everything keeps running until Ctrl-C");
                new CountDownLatch(1).await();
            }
            return complete.get() ? 0 : 1;
        } catch (RuntimeException e) {
            ending.awaitEndIfSignaled();
            throw e;
        } finally {
            ending.cleanUp();
        }
    }

    private boolean migrate(Terminal terminal, Path directory, Deque<Runnable> started) {
        MoreFiles more = new MoreFiles(files, large, (long) largeSize << 20);
        DemoServers servers = DemoServers.start(directory.resolve("servers"), more, terminal::say);
        push(started, servers::close);
        terminal.say("Two sandbox servers run: source " + servers.source() + ", target " + servers.target());
        SystemSettings settings = new SystemSettings(
                        Installation.find(),
                        "127.0.0.1",
                        choosePort(),
                        attachmentWorkers,
                        true,
                        Optional.of(servers.caFile()),
                        Durability.FAST)
                .withServicesToldOf(more.any() ? Demo.CONFIGURATION_FOR_MORE_FILES : Map.of());
        DataDirectory data = DataDirectory.claim(directory.resolve("data"));
        LauncherLog.writeTo(data.logs().resolve("launcher.log"));
        VaultferrySystem system = VaultferrySystem.prepare(settings, data, terminal::say);
        push(started, system::close);
        system.start();
        terminal.say("Vaultferry is ready: " + system.url());
        return new Demo(system, servers, more, terminal::say, terminal::show, terminal::keep, terminal.isLive()).run();
    }

    private void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " " + value + " is not between " + least + " and " + most);
        }
    }

    private int choosePort() {
        if (port != null) {
            return port;
        }
        try (ServerSocket socket =
                new ServerSocket(USUAL_PORT, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            return 0;
        }
    }

    private static void push(Deque<Runnable> started, Runnable stop) {
        synchronized (started) {
            started.push(stop);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("Left behind: " + directory + " (" + e + ")");
        }
    }
}

package io.vaultferry.launcher;

import io.vaultferry.infrastructure.Durability;
import io.vaultferry.launcher.system.DataDirectory;
import io.vaultferry.launcher.system.Installation;
import io.vaultferry.launcher.system.SystemSettings;
import io.vaultferry.launcher.system.VaultferrySystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs Vaultferry until it is told to stop. */
@Command(
        name = "up",
        description = "Runs Vaultferry on this machine, for real servers.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    private static final int MOST_WORKERS = 24;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = "8080",
            paramLabel = "PORT",
            description = "of the REST API (${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--bind",
            defaultValue = "127.0.0.1",
            paramLabel = "ADDRESS",
            description =
                    "where the REST API listens (${DEFAULT-VALUE}); it speaks plain http, so put a TLS proxy before any other address")
    private String bind;

    @Option(
            names = "--data",
            defaultValue = "${sys:user.home}/.vaultferry",
            paramLabel = "DIR",
            description = "state, keys and logs (${DEFAULT-VALUE})")
    private Path data;

    @Option(
            names = "--attachment-workers",
            defaultValue = "1",
            paramLabel = "N",
            description = "processes of attachment-service (${DEFAULT-VALUE})")
    private int attachmentWorkers;

    @Option(
            names = "--allow-insecure-servers",
            description = "allow servers by http, and on loopback and private addresses")
    private boolean allowInsecureServers;

    @Option(names = "--ca", paramLabel = "FILE", description = "certificate authorities of the servers, PEM")
    private Path caFile;

    @Override
    public Integer call() throws InterruptedException {
        requirePort(spec, port);
        requireWorkers(spec, attachmentWorkers);
        if (caFile != null && !Files.isReadable(caFile)) {
            throw new ParameterException(spec.commandLine(), "--ca " + caFile + " is not a readable file");
        }
        Terminal terminal = Terminal.standard();
        Ending ending = Ending.prepare(0);
        SystemSettings settings = new SystemSettings(
                Installation.find(),
                bind,
                port,
                attachmentWorkers,
                allowInsecureServers,
                Optional.ofNullable(caFile),
                Durability.SURVIVES_POWER_LOSS);
        try {
            terminal.say("Starting Vaultferry in " + data.toAbsolutePath().normalize());
            DataDirectory directory = DataDirectory.claim(data);
            LauncherLog.writeTo(directory.logs().resolve("launcher.log"));
            VaultferrySystem system = VaultferrySystem.prepare(settings, directory, terminal::say);
            ending.stops(system::close);
            system.start();
            ending.stops(() -> {
                terminal.say("Stopping");
                system.close();
            });
            terminal.say("The admin key is in " + system.data().adminKey() + ", logs are in "
                    + system.data().logs());
            terminal.say("Vaultferry is ready: " + system.url());
            // Until a signal ends the program.
            new CountDownLatch(1).await();
            return 0;
        } catch (RuntimeException e) {
            ending.awaitEndIfSignaled();
            throw e;
        } finally {
            ending.cleanUp();
        }
    }

    static void requirePort(CommandSpec spec, int port) {
        if (port < 1 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port " + port + " is not between 1 and 65535");
        }
    }

    static void requireWorkers(CommandSpec spec, int workers) {
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new ParameterException(
                    spec.commandLine(), "--attachment-workers " + workers + " is not between 1 and " + MOST_WORKERS);
        }
    }
}

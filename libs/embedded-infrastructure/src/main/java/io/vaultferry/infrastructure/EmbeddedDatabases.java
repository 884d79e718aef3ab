package io.vaultferry.infrastructure;

import io.vaultferry.infrastructure.process.CannotStartException;
import io.vaultferry.infrastructure.process.ProcessGuard;
import io.vaultferry.infrastructure.process.StopSignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One PostgreSQL server as a child process, listening on 127.0.0.1 only and asking everyone for a password (SCRAM). Its directory may
 * be used again after a stop or a crash. As root, PostgreSQL runs in a user namespace of its own, because it refuses root.
 */
public final class EmbeddedDatabases implements AutoCloseable {

    private static final String ADMINISTRATOR = "ferry_admin";
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    private static final int PORT_ATTEMPTS = 5;

    private final Process server;
    private final DatabaseServer administration;

    private EmbeddedDatabases(Process server, DatabaseServer administration) {
        this.server = server;
        this.administration = administration;
    }

    /**
     * Where things are.
     *
     * @param data         the database cluster; created when it does not exist
     * @param passwordFile holds the administrator's password, mode 0600; created with the cluster
     * @param binaries     where the PostgreSQL programs are unpacked once
     * @param log          the server's log file
     */
    public record Locations(Path data, Path passwordFile, Path binaries, Path log) {

        /** Everything below one directory, except the programs, which all directories of a user share. */
        public static Locations below(Path directory) {
            return new Locations(
                    directory.resolve("postgresql"),
                    directory.resolve("postgresql-admin-password"),
                    userCache(),
                    directory.resolve("postgresql.log"));
        }

        /** {@code $XDG_CACHE_HOME/vaultferry}, or {@code ~/.cache/vaultferry}. */
        public static Path userCache() {
            String cache = System.getenv("XDG_CACHE_HOME");
            return (cache == null || cache.isBlank()
                            ? Path.of(System.getProperty("user.home"), ".cache")
                            : Path.of(cache))
                    .resolve("vaultferry");
        }
    }

    /**
     * Starts the server and returns when it accepts connections.
     *
     * @throws CannotStartException when it does not start
     */
    public static EmbeddedDatabases start(Locations locations, Durability durability, ProcessGuard guard) {
        Path programs = PostgresBinaries.unpack(locations.binaries()).resolve("bin");
        String password = initialize(locations, durability, programs);
        waitForPredecessor(locations);
        for (int attempt = 1; ; attempt++) {
            int port = FreePorts.next();
            Process server;
            try {
                Files.createDirectories(locations.log().getParent());
                server = guard.start(
                        serverCommand(programs, locations.data(), durability, port), locations.log(), StopSignal.INT);
            } catch (IOException e) {
                throw new CannotStartException("Cannot start PostgreSQL: " + e.getMessage(), e);
            }
            EmbeddedDatabases databases =
                    new EmbeddedDatabases(server, new DatabaseServer("127.0.0.1:" + port, ADMINISTRATOR, password));
            if (databases.becomesReady(locations.log())) {
                return databases;
            }
            if (attempt == PORT_ATTEMPTS || !lastLines(locations.log()).contains("Address already in use")) {
                throw new CannotStartException("PostgreSQL ended while starting (exit code " + server.exitValue()
                        + "). Its log: " + locations.log());
            }
        }
    }

    /**
     * The database of that name with a role of the same name, both created when missing, see {@link DatabaseServer#provide}.
     *
     * @throws CannotStartException when the server refuses
     */
    public DatabaseAccess database(String name) {
        return administration.provide(name);
    }

    /** The server's process, for measuring it. */
    public ProcessHandle process() {
        return server.toHandle();
    }

    @Override
    public void close() {
        ProcessGuard.stop(server, StopSignal.INT, STOP_PATIENCE);
    }

    /** False when the server ended instead. */
    private boolean becomesReady(Path log) {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            try (Connection connection = administration.connect()) {
                return connection.isValid(5);
            } catch (SQLException e) {
                if (!server.isAlive()) {
                    return false;
                }
                if (System.nanoTime() > deadline) {
                    close();
                    throw new CannotStartException("PostgreSQL is not ready after " + START_PATIENCE.toSeconds()
                            + " s (" + e.getMessage() + "). Its log: " + log);
                }
            }
            pause(50);
        }
    }

    private static String initialize(Locations locations, Durability durability, Path programs) {
        try {
            if (Files.exists(locations.data().resolve("PG_VERSION")) && Files.exists(locations.passwordFile())) {
                return Files.readString(locations.passwordFile(), StandardCharsets.US_ASCII)
                        .strip();
            }
            if (Files.exists(locations.data().resolve("PG_VERSION"))) {
                throw new CannotStartException("The database in " + locations.data()
                        + " exists, but the password file " + locations.passwordFile()
                        + " is missing: put it back, or choose another data directory");
            }
            // What an interrupted initdb left behind is of no use and would make it refuse.
            PostgresBinaries.deleteRecursively(locations.data());
            Files.createDirectories(locations.data().getParent());
            String password = DatabaseServer.randomPassword();
            Files.deleteIfExists(locations.passwordFile());
            Files.createFile(
                    locations.passwordFile(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(locations.passwordFile(), password + "\n", StandardOpenOption.WRITE);
            runInitdb(locations, durability, programs);
            return password;
        } catch (IOException e) {
            throw new CannotStartException(
                    "Cannot create the database in " + locations.data() + ": " + e.getMessage(), e);
        }
    }

    private static void runInitdb(Locations locations, Durability durability, Path programs) throws IOException {
        List<String> command = asOrdinaryUser();
        command.addAll(List.of(
                programs.resolve("initdb").toString(),
                "--pgdata=" + locations.data(),
                "--username=" + ADMINISTRATOR,
                "--pwfile=" + locations.passwordFile(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8"));
        if (durability == Durability.FAST) {
            command.add("--no-sync");
        }
        Files.createDirectories(locations.log().getParent());
        Process initdb = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(locations.log().toFile()))
                .start();
        try {
            if (!initdb.waitFor(2, TimeUnit.MINUTES)) {
                initdb.destroyForcibly();
            }
            if (initdb.waitFor() != 0) {
                throw new CannotStartException("PostgreSQL's initdb failed (exit code " + initdb.exitValue()
                        + "). Its log: " + locations.log()
                        + (isRoot() ? ". As root it needs user namespaces; an ordinary user does not" : ""));
            }
        } catch (InterruptedException e) {
            initdb.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted while creating the database", e);
        }
    }

    private static List<String> serverCommand(Path programs, Path data, Durability durability, int port) {
        List<String> command = asOrdinaryUser();
        command.addAll(List.of(programs.resolve("postgres").toString(), "-D", data.toString()));
        boolean fast = durability == Durability.FAST;
        for (String setting : List.of(
                "listen_addresses=127.0.0.1",
                "port=" + port,
                "unix_socket_directories=",
                "max_connections=200",
                "shared_buffers=32MB",
                "max_wal_size=256MB",
                // Containers often have a very small /dev/shm.
                "dynamic_shared_memory_type=mmap",
                "io_method=sync",
                "max_logical_replication_workers=0",
                "logging_collector=off",
                // Statements may carry sealed records and ids; failures are told to the client, which knows what to
                // log.
                "log_min_error_statement=panic",
                "log_error_verbosity=terse",
                "log_timezone=UTC",
                "timezone=UTC",
                "fsync=" + (fast ? "off" : "on"),
                "synchronous_commit=" + (fast ? "off" : "on"),
                "full_page_writes=" + (fast ? "off" : "on"))) {
            command.add("-c");
            command.add(setting);
        }
        return command;
    }

    /** A launcher that was killed a moment ago leaves a server that is still shutting down: it is waited for. */
    private static void waitForPredecessor(Locations locations) {
        long deadline = System.nanoTime() + STOP_PATIENCE.toNanos();
        while (true) {
            Optional<ProcessHandle> predecessor = runningServer(locations.data());
            if (predecessor.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new CannotStartException("PostgreSQL (process "
                        + predecessor.get().pid() + ") still runs on " + locations.data()
                        + ": stop it, or choose another data directory");
            }
            pause(100);
        }
    }

    private static Optional<ProcessHandle> runningServer(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                    .filter(ProcessHandle::isAlive)
                    // The number may by now belong to some other program.
                    .filter(handle -> handle.info().command().orElse("postgres").endsWith("postgres"));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static List<String> asOrdinaryUser() {
        return isRoot() ? new ArrayList<>(List.of("unshare", "-U")) : new ArrayList<>();
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static String lastLines(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    private static void pause(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStartException("Interrupted while waiting for PostgreSQL", e);
        }
    }
}

package io.vaultferry.benchmarks.system;

import io.vaultferry.benchmarks.Workspace;
import io.vaultferry.infrastructure.Durability;
import io.vaultferry.launcher.demo.MigrationApi;
import io.vaultferry.launcher.demo.MigrationApi.Connection;
import io.vaultferry.launcher.demo.MigrationApi.Migration;
import io.vaultferry.launcher.demo.MigrationApi.Organization;
import io.vaultferry.launcher.demo.MigrationApi.Report;
import io.vaultferry.launcher.demo.MigrationApi.Step;
import io.vaultferry.launcher.system.DataDirectory;
import io.vaultferry.launcher.system.Installation;
import io.vaultferry.launcher.system.SystemSettings;
import io.vaultferry.launcher.system.VaultferrySystem;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Vaultferry as {@code ./ferry up} runs it, with every commit on the disk, and what an operator does with it. */
public final class RunningVaultferry implements AutoCloseable {

    /** Files in one unit of work, where there are many units. */
    static final int SMALL_UNIT = 4;

    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final VaultferrySystem system;
    private final MigrationApi api;

    private RunningVaultferry(VaultferrySystem system) {
        this.system = system;
        this.api = new MigrationApi(system.url(), system.adminKey());
    }

    /** @param caFile of the servers; empty when they speak plain HTTP */
    public static RunningVaultferry start(Workspace workspace, Optional<Path> caFile, int attachmentWorkers) {
        return start(workspace, caFile, attachmentWorkers, Durability.SURVIVES_POWER_LOSS, Map.of());
    }

    /**
     * The same for servers of plain HTTP, with a few small files in a unit instead of 64: otherwise it would take thousands of
     * them to give every worker something to do.
     */
    static RunningVaultferry startWithSmallUnits(Workspace workspace, int attachmentWorkers) {
        return start(
                workspace,
                Optional.empty(),
                attachmentWorkers,
                Durability.SURVIVES_POWER_LOSS,
                Map.of("vaultferry.transfer.files-per-unit", Integer.toString(SMALL_UNIT)));
    }

    /** One attachment worker, with another durability than that of {@code ./ferry up}. */
    static RunningVaultferry start(Workspace workspace, Durability durability) {
        return start(workspace, Optional.empty(), 1, durability, Map.of());
    }

    private static RunningVaultferry start(
            Workspace workspace,
            Optional<Path> caFile,
            int attachmentWorkers,
            Durability durability,
            Map<String, String> ofServices) {
        SystemSettings settings = new SystemSettings(
                Installation.find(), "127.0.0.1", 0, attachmentWorkers, true, caFile, durability, ofServices);
        return new RunningVaultferry(VaultferrySystem.start(
                settings, DataDirectory.claim(workspace.directory("data").resolve("vaultferry")), sentence -> {}));
    }

    public String kafkaBootstrapServers() {
        return system.kafkaBootstrapServers();
    }

    public Connection connect(String name, URI server) {
        return api.connect(name, server, SandboxServer.OWNER, SandboxServer.MASTER_PASSWORD);
    }

    /** Starts to move the organization of this name, and answers the migration's id. */
    public String migrate(Connection source, String organization, Connection target) {
        Organization found = source.organizations().stream()
                .filter(candidate -> candidate.name().equals(organization))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the source does not show " + organization));
        return api.migrate(source, found, target, organization + ", moved", SandboxServer.OWNER);
    }

    public Migration migration(String id) {
        return api.migration(id);
    }

    /** Waits until a step runs. */
    public Step awaitStep(String id, String step) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Migration migration = living(api.migration(id));
            Step found = step(migration, step);
            if (found.startedAt() != null) {
                return found;
            }
            pause(deadline);
        }
    }

    /** Waits for the end, and makes sure that everything arrived as it was, at least so many objects. */
    public Migration awaitEnd(String id, int objects) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Migration migration = living(api.migration(id));
            if (migration.status().startsWith("COMPLETED")) {
                Report report = api.report(id);
                if (!report.complete() || report.objects() < objects) {
                    throw new IllegalStateException("not everything arrived: " + report.summary());
                }
                return migration;
            }
            pause(deadline);
        }
    }

    private static Migration living(Migration migration) {
        switch (migration.status()) {
            case "STUCK", "COMPENSATED", "COMPENSATING", "WAITING" ->
                throw new IllegalStateException("the migration is " + migration.status() + ": " + migration.failure()
                        + ", waits for " + migration.waitingFor());
            default -> {
                return migration;
            }
        }
    }

    /** One step of a migration. */
    public static Step step(Migration migration, String step) {
        return migration.steps().stream()
                .filter(candidate -> candidate.step().equals(step))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no step " + step));
    }

    /** From its beginning to its end. */
    public static double seconds(Step step) {
        return Duration.between(step.startedAt(), step.finishedAt()).toNanos() / 1e9;
    }

    private static void pause(long deadline) throws InterruptedException {
        if (System.nanoTime() > deadline) {
            throw new IllegalStateException("the migration does not end");
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
    }

    @Override
    public void close() {
        system.close();
    }
}

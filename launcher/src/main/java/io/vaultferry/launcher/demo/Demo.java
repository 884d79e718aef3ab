package io.vaultferry.launcher.demo;

import io.vaultferry.launcher.demo.MigrationApi.Connection;
import io.vaultferry.launcher.demo.MigrationApi.Migration;
import io.vaultferry.launcher.demo.MigrationApi.Organization;
import io.vaultferry.launcher.demo.MigrationApi.Report;
import io.vaultferry.launcher.demo.MigrationApi.Step;
import io.vaultferry.launcher.system.Narrator;
import io.vaultferry.launcher.system.SupervisedProcess;
import io.vaultferry.launcher.system.VaultferrySystem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One migration from the source to the target of {@link DemoServers}. */
public final class Demo {

    /**
     * How attachment-service is configured when there are many files. Small units and few at a time, so that there is something to
     * share out; and leases so short that nobody watches long for what a dead worker held. A unit may wait its turn for long
     * when the machine is busy, and nobody loses what is in Kafka here, so none is announced twice meanwhile.
     */
    public static final Map<String, String> CONFIGURATION_FOR_MORE_FILES = Map.of(
            "vaultferry.transfer.files-per-unit", "8",
            "vaultferry.transfer.concurrency", "2",
            "vaultferry.transfer.report", "1s",
            "vaultferry.transfer.lease", "12s",
            "vaultferry.transfer.heartbeat", "3s",
            "vaultferry.transfer.margin", "3s",
            "vaultferry.jobs.lease", "9s",
            "vaultferry.jobs.heartbeat", "2s",
            "vaultferry.jobs.margin", "3s");

    private static final String NEW_NAME = "Acme (moved)";
    private static final String TRANSFER = "TRANSFER_ATTACHMENTS";
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration MEASURE_EVERY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final VaultferrySystem system;
    private final DemoServers servers;
    private final MigrationApi api;
    private final Narrator narrator;
    private final Consumer<List<String>> live;
    private final Runnable keep;
    private final boolean isLive;
    private final MoreFiles more;
    private final Optional<WorkerExchange> exchange;
    private Instant measured = Instant.MIN;
    private List<String> workLines = List.of();

    /**
     * @param more files that the source was given; they are shown moving, and one of several workers is killed meanwhile
     * @param live shows the state of all steps in place of what it showed before
     * @param keep lets stay what was shown last; what is said later stands below it
     * @param isLive whether somebody sees that; otherwise the end of each step is narrated
     */
    public Demo(
            VaultferrySystem system,
            DemoServers servers,
            MoreFiles more,
            Narrator narrator,
            Consumer<List<String>> live,
            Runnable keep,
            boolean isLive) {
        this.system = system;
        this.servers = servers;
        this.more = more;
        this.exchange = more.any() && system.attachmentWorkers().size() > 1
                ? Optional.of(new WorkerExchange(system, narrator))
                : Optional.empty();
        this.api = new MigrationApi(system.url(), system.adminKey());
        this.narrator = narrator;
        this.live = live;
        this.keep = keep;
        this.isLive = isLive;
    }

    /**
     * Runs the migration to its end and shows the report.
     *
     * @return whether nothing is missing or different
     * @throws DemoException when the migration does not reach its end
     */
    public boolean run() {
        Instant began = Instant.now();
        Connection source = api.connect("Source", servers.source(), DemoServers.OWNER, DemoServers.MASTER_PASSWORD);
        Connection target = api.connect("Target", servers.target(), DemoServers.OWNER, DemoServers.MASTER_PASSWORD);
        Organization organization = source.organizations().stream()
                .findFirst()
                .orElseThrow(() -> new DemoException("The source has no organization"));
        narrator.say("Moving \"%s\" from %s (%s %s) to %s, as \"%s\""
                .formatted(
                        organization.name(),
                        servers.source(),
                        source.server().kind(),
                        source.server().version(),
                        servers.target(),
                        NEW_NAME));
        String id = api.migrate(source, organization, target, NEW_NAME, DemoServers.OWNER);
        Migration ended;
        try {
            ended = follow(id);
        } finally {
            keep.run();
        }
        narrator.say("The migration is %s after %.1f s"
                .formatted(
                        ended.status().toLowerCase(Locale.ROOT).replace('_', ' '),
                        Duration.between(began, Instant.now()).toMillis() / 1e3));
        if (!ended.status().startsWith("COMPLETED")) {
            narrator.say("The reason: " + reason(ended));
            return false;
        }
        Report report = api.report(id);
        ReportView.lines(report, api.exceptions(id)).forEach(narrator::say);
        sayMemory();
        narrator.say("The whole report: curl -H \"Accept: application/json\" -H \"Authorization: Bearer $(cat "
                + system.data().adminKey() + ")\" " + api.reportPage(id));
        return report.complete();
    }

    private Migration follow(String id) {
        Instant deadline = Instant.now().plus(PATIENCE);
        Migration before = new Migration(id, "PLANNED", null, List.of(), null);
        while (Instant.now().isBefore(deadline)) {
            Migration now = api.migration(id);
            exchange.ifPresent(workers -> step(now).ifPresent(workers::look));
            List<String> work = work(now);
            if (isLive) {
                List<String> lines = new ArrayList<>(ProgressView.table(now, Instant.now()));
                lines.addAll(work);
                live.accept(lines);
            } else {
                ProgressView.ended(before, now, Instant.now()).forEach(narrator::say);
            }
            sayWhatMoved(before, now);
            switch (now.status()) {
                case "COMPLETED", "COMPLETED_WITH_EXCEPTIONS", "COMPENSATED" -> {
                    return now;
                }
                case "STUCK" -> throw new DemoException("The migration is stuck: " + reason(now));
                case "WAITING" -> answer(now, before);
                default -> {
                    // It goes on by itself.
                }
            }
            before = now;
            pause();
        }
        throw new DemoException("The migration has not ended after " + PATIENCE.toMinutes() + " minutes. Logs: "
                + system.data().logs());
    }

    /** How the files are getting on, while they are being moved; measured about once a second. */
    private List<String> work(Migration migration) {
        Optional<Step> transfer = step(migration).filter(step -> step.status().equals("RUNNING"));
        if (!more.any() || transfer.isEmpty()) {
            return List.of();
        }
        Instant now = Instant.now();
        if (measured.plus(MEASURE_EVERY).isBefore(now)) {
            measured = now;
            workLines = WorkView.lines(transfer.get(), api.work());
            if (!isLive) {
                narrator.say(WorkView.line(workLines));
            }
        }
        return workLines;
    }

    private void sayWhatMoved(Migration before, Migration now) {
        boolean wasDone =
                step(before).filter(step -> step.status().equals("DONE")).isPresent();
        if (more.any() && !wasDone) {
            step(now)
                    .filter(step -> step.status().equals("DONE"))
                    .ifPresent(step -> narrator.say(WorkView.summary(step)));
        }
    }

    private static Optional<Step> step(Migration migration) {
        return migration.steps().stream()
                .filter(step -> step.step().equals(TRANSFER))
                .findFirst();
    }

    private static String reason(Migration migration) {
        MigrationApi.Failure failure = migration.failure();
        return failure == null
                ? "none is given"
                : "%s in %s: %s (%s)".formatted(failure.code(), failure.step(), failure.message(), failure.detail());
    }

    private void answer(Migration migration, Migration before) {
        if (migration.waitingFor() == null || "CREDENTIALS".equals(migration.waitingFor())) {
            throw new DemoException("The migration waits for " + migration.waitingFor());
        }
        if (!"WAITING".equals(before.status())) {
            narrator.say(
                    "MEMBERS".equals(migration.waitingFor())
                            ? "Someone who was invited has no account on the target. The demo goes on without"
                                    + " them, as an operator may (POST .../actions/approve)"
                            : "The plan waits for approval. The demo approves it (POST .../actions/approve)");
            api.act(migration.id(), "approve");
        }
    }

    private void sayMemory() {
        StringBuilder memory = new StringBuilder("Peak memory:");
        append(memory, "launcher with Kafka and both servers", PeakMemory.of(ProcessHandle.current()));
        append(memory, "PostgreSQL (now)", PeakMemory.ofTreeNow(system.databaseProcess()));
        for (SupervisedProcess service : system.services()) {
            append(memory, service.name(), PeakMemory.of(service.process()));
        }
        if (memory.indexOf("MiB") > 0) {
            narrator.say(memory.substring(0, memory.length() - 1));
        }
    }

    private static void append(StringBuilder memory, String what, OptionalLong mebibytes) {
        mebibytes.ifPresent(amount ->
                memory.append(' ').append(what).append(' ').append(amount).append(" MiB,"));
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoException("Interrupted", e);
        }
    }
}

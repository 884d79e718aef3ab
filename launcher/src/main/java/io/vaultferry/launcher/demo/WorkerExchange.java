package io.vaultferry.launcher.demo;

import io.vaultferry.launcher.demo.MigrationApi.Step;
import io.vaultferry.launcher.system.Narrator;
import io.vaultferry.launcher.system.SupervisedProcess;
import io.vaultferry.launcher.system.VaultferrySystem;
import java.util.List;
import java.util.Optional;

/**
 * Lets another attachment worker join while files are being moved, and kills one of the others. The dead one's supervisor brings
 * it back as well; what it was moving is taken over by whoever is there when its leases have run out.
 */
final class WorkerExchange {

    /** The part of all files, or of their bytes, that has moved when the worker is killed: 1 of so many. */
    private static final int PART = 4;

    private final VaultferrySystem system;
    private final Narrator narrator;
    private Optional<SupervisedProcess> newcomer = Optional.empty();
    private long began;
    private boolean joined;
    private boolean killed;

    WorkerExchange(VaultferrySystem system, Narrator narrator) {
        this.system = system;
        this.narrator = narrator;
    }

    /** Does what it is time for; called again and again. */
    void look(Step transfer) {
        if (newcomer.isPresent()) {
            welcome(newcomer.get());
        } else if (isRunning(transfer)) {
            // At once, as an autoscaler would when it sees the lag: a process needs a while to start.
            newcomer = Optional.of(start());
        }
        if (!killed && isRunning(transfer) && isInTheMiddle(transfer)) {
            killed = true;
            kill();
        }
    }

    private static boolean isRunning(Step transfer) {
        return transfer.status().equals("RUNNING") && transfer.bytesTotal() > 0;
    }

    private static boolean isInTheMiddle(Step transfer) {
        return transfer.done() * PART >= transfer.total() || transfer.bytesDone() * PART >= transfer.bytesTotal();
    }

    private void kill() {
        List<SupervisedProcess> workers = system.attachmentWorkers();
        // Not the first one, so that the screen shows which one it was.
        SupervisedProcess victim = workers.get(Math.min(1, workers.size() - 1));
        ProcessHandle process = victim.process();
        process.destroyForcibly();
        narrator.say(
                "%s is killed in the middle of its work (kill -9 %d). Others take its files over when its leases have run out"
                        .formatted(victim.name(), process.pid()));
    }

    private SupervisedProcess start() {
        began = System.nanoTime();
        SupervisedProcess worker = system.addAttachmentWorker();
        narrator.say(worker.name() + " is started, to join the others");
        return worker;
    }

    private void welcome(SupervisedProcess worker) {
        if (!joined && worker.ready()) {
            joined = true;
            narrator.say("%s has joined (%.1f s)".formatted(worker.name(), (System.nanoTime() - began) / 1e9));
        }
    }
}

package io.vaultferry.attachment.domain;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepFailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The disk space of all spools of an instance: a quota of its own, within what the disk has left. A file is begun only when
 * there is room for all of it, so that none is given up half written. Thread-safe.
 */
public final class SpoolSpace {

    /** What a spool never takes from a disk that others write to as well. */
    private static final long LEFT_FOR_OTHERS = 64L * 1024 * 1024;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration BETWEEN_CHECKPOINTS = Duration.ofMillis(500);

    private final Path directory;
    private final long quota;
    private final Disk disk;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private long taken;

    /** Says how many bytes a directory can still take. */
    @FunctionalInterface
    interface Disk {
        long usableBytes(Path directory) throws IOException;
    }

    /**
     * @param directory made when it is first needed
     * @param quota bytes of all spools together
     */
    public SpoolSpace(Path directory, long quota) {
        this(directory, quota, place -> Files.getFileStore(place).getUsableSpace());
    }

    SpoolSpace(Path directory, long quota, Disk disk) {
        this.directory = directory;
        this.quota = quota;
        this.disk = disk;
    }

    /**
     * A spool for so many bytes. Waits a while for other files of this instance to leave when they fill the quota.
     *
     * @throws StepFailureException when there is no room: the file may be moved later
     */
    Spool open(long size, StepContext lease) {
        take(size, lease);
        boolean opened = false;
        try {
            requireRoomOnDisk(size);
            Spool spool = Spool.in(directory, size, () -> release(size));
            opened = true;
            return spool;
        } finally {
            if (!opened) {
                release(size);
            }
        }
    }

    private void take(long size, StepContext lease) {
        if (size > quota) {
            throw noRoom("a file is larger than the spool's quota");
        }
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        lock.lock();
        try {
            while (taken + size > quota) {
                lease.checkpoint();
                if (System.nanoTime() - deadline > 0) {
                    throw noRoom("other files fill the spool's quota");
                }
                awaitChange();
            }
            taken += size;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // The caller's loop looks again, whatever ended the wait.
    private void awaitChange() {
        try {
            var unused = freed.await(BETWEEN_CHECKPOINTS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw noRoom("interrupted");
        }
    }

    private void release(long size) {
        lock.lock();
        try {
            taken -= size;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What the other spools have taken may not be written yet, so it counts in full. */
    private void requireRoomOnDisk(long size) {
        long usable = Spool.onDisk(() -> {
            Files.createDirectories(directory);
            return disk.usableBytes(directory);
        });
        lock.lock();
        try {
            if (usable - LEFT_FOR_OTHERS < taken) {
                throw noRoom("the disk has no room for " + size + " bytes");
            }
        } finally {
            lock.unlock();
        }
    }

    private static StepFailureException noRoom(String why) {
        return new StepFailureException(FailureCode.STAGING_UNAVAILABLE, "the spool: " + why);
    }
}

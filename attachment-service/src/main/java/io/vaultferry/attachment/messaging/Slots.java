package io.vaultferry.attachment.messaging;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The places for units that an instance works on at a time. Large files get a part of them only, so small ones never wait
 * for a large one; but while a place for large ones is free, who waits with one comes first. Thread-safe.
 */
final class Slots {

    enum Kind {
        LARGE,
        SMALL
    }

    private final int all;
    private final int forLarge;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int taken;
    private int takenByLarge;
    private int largeWaiting;
    private int smallWaiting;
    private boolean closed;

    /**
     * @param all at least 1
     * @param forLarge how many of them large files may take; at least one, and not all when there are several
     */
    Slots(int all, int forLarge) {
        if (all < 1 || forLarge < 1 || (all > 1 && forLarge >= all)) {
            throw new IllegalArgumentException(
                    "vaultferry.transfer: large-concurrency has to leave a place for small files");
        }
        this.all = all;
        this.forLarge = forLarge;
    }

    /**
     * Waits for a place.
     *
     * @throws IllegalStateException when there will be none any more
     */
    void acquire(Kind kind) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            wait(kind, 1);
            try {
                while (!closed && !isFree(kind)) {
                    changed.await();
                }
            } finally {
                wait(kind, -1);
            }
            if (closed) {
                changed.signalAll();
                throw new IllegalStateException("shutting down");
            }
            take(kind);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a place that nobody waits for. */
    boolean tryAcquire(Kind kind) {
        lock.lock();
        try {
            boolean wanted = smallWaiting > 0 || (largeWaiting > 0 && takenByLarge < forLarge);
            if (closed || wanted || !isFree(kind)) {
                return false;
            }
            take(kind);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void release(Kind kind) {
        lock.lock();
        try {
            taken--;
            takenByLarge -= kind == Kind.LARGE ? 1 : 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Gives no more places. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFree(Kind kind) {
        boolean roomForLarge = takenByLarge < forLarge;
        return taken < all
                && switch (kind) {
                    case LARGE -> roomForLarge;
                    case SMALL -> !(largeWaiting > 0 && roomForLarge);
                };
    }

    private void take(Kind kind) {
        taken++;
        takenByLarge += kind == Kind.LARGE ? 1 : 0;
    }

    private void wait(Kind kind, int change) {
        switch (kind) {
            case LARGE -> largeWaiting += change;
            case SMALL -> smallWaiting += change;
        }
    }
}

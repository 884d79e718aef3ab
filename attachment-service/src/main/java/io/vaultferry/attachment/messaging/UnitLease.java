package io.vaultferry.attachment.messaging;

import io.vaultferry.attachment.persistence.OpenUnit;
import io.vaultferry.attachment.persistence.TransferRepository;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepStoppedException;
import java.time.Duration;

/**
 * A claimed unit while a worker of this process holds it. The end of the lease is measured with the monotonic clock from
 * before the claim was asked for, so a process that was frozen for a while knows that it lost the unit before it writes.
 */
final class UnitLease implements StepContext {

    private final OpenUnit unit;
    private final TransferRepository transfers;
    private final Duration lease;
    private final Duration safe;
    private volatile long holdsUntil;
    private volatile boolean lost;
    private volatile UnderWay underWay = UnderWay.NOTHING;
    private UnderWay reported = UnderWay.NOTHING;

    /**
     * The file that is being moved.
     *
     * @param bytes of it that have passed
     */
    private record UnderWay(String sourceAttachment, long bytes) {

        private static final UnderWay NOTHING = new UnderWay("", 0);
    }

    UnitLease(OpenUnit unit, TransferRepository transfers, TransferSettings settings, long requestedAt) {
        this.unit = unit;
        this.transfers = transfers;
        this.lease = settings.lease();
        this.safe = settings.lease().minus(settings.margin());
        this.holdsUntil = requestedAt + safe.toNanos();
    }

    /** Prolongs the lease; called by the heartbeat. */
    void renew() {
        long requestedAt = System.nanoTime();
        if (transfers.renew(unit, lease)) {
            holdsUntil = requestedAt + safe.toNanos();
        } else {
            lost = true;
        }
    }

    /** The next file's bytes are counted from now on. */
    void begin(String sourceAttachment) {
        underWay = new UnderWay(sourceAttachment, 0);
    }

    /** Notes how far the present file is, when that has changed; called every few seconds, always by the same thread. */
    void report() {
        UnderWay now = underWay;
        if (!now.equals(reported)) {
            transfers.noteUnderWay(unit, now.sourceAttachment(), now.bytes());
            reported = now;
        }
    }

    /** Ends the work at its next checkpoint. The unit stays this worker's until it is given back. */
    void giveUp() {
        lost = true;
    }

    @Override
    public MigrationId migrationId() {
        return unit.migrationId();
    }

    @Override
    public int attempt() {
        return unit.attempt();
    }

    @Override
    public void checkpoint() {
        if (lost) {
            throw new StepStoppedException("the unit is halted or somebody else's");
        }
        if (System.nanoTime() - holdsUntil >= 0) {
            throw new StepStoppedException("the lease could not be renewed");
        }
    }

    @Override
    public void fence() {
        checkpoint();
        if (!transfers.fence(unit)) {
            lost = true;
            throw new StepStoppedException("another worker has the unit");
        }
    }

    /** Of the present file; finished ones are counted in the database. */
    @Override
    public void progress(long done, long total, long bytesDone, long bytesTotal) {
        underWay = new UnderWay(underWay.sourceAttachment(), bytesDone);
    }
}

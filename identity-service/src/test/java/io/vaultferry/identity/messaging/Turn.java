package io.vaultferry.identity.messaging;

import io.vaultferry.contracts.Disposition;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepReply;
import io.vaultferry.messaging.StepContext;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepHandler;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.participant.KnownFailures;

/** One turn of a step as the job runner gives it to a handler; it can be made to end at any point where a worker may die. */
final class Turn implements StepContext {

    private static final int MOST_TURNS = 10;

    private final MigrationId migration;
    private final int diesAt;
    private int points;

    private Turn(MigrationId migration, int diesAt) {
        this.migration = migration;
        this.diesAt = diesAt;
    }

    static Turn of(StepCommand command) {
        return new Turn(command.migrationId(), Integer.MAX_VALUE);
    }

    /** A turn whose worker is gone from this point on, counted from 1: nothing is sent and nothing is committed any more. */
    static Turn dyingAt(int point, StepCommand command) {
        return new Turn(command.migrationId(), point);
    }

    /** Gives turns until the step answers, as the job runner does while what went wrong may pass. */
    static <C extends StepCommand, R extends StepReply> R toTheEnd(StepHandler<C> handler, C command, Class<R> reply)
            throws Exception {
        for (int turns = 1; ; turns++) {
            try {
                return reply.cast(handler.handle(command, of(command)));
            } catch (RuntimeException e) {
                if (turns == MOST_TURNS || !passes(e)) {
                    throw e;
                }
            }
        }
    }

    /** Gives a turn that ends at this point, and says whether the step had not come to its end before. */
    static <C extends StepCommand> boolean diesAt(int point, StepHandler<C> handler, C command) throws Exception {
        try {
            handler.handle(command, dyingAt(point, command));
            return false;
        } catch (StepStoppedException e) {
            return true;
        }
    }

    private static boolean passes(RuntimeException failure) {
        if (failure instanceof StepFailureException expected) {
            return expected.failure().code().disposition() == Disposition.RETRY_LATER;
        }
        return new KnownFailures()
                .classify(failure)
                .map(known -> known.code().disposition() == Disposition.RETRY_LATER)
                .orElse(false);
    }

    @Override
    public MigrationId migrationId() {
        return migration;
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public void checkpoint() {
        point();
    }

    @Override
    public void fence() {
        point();
    }

    private void point() {
        if (++points >= diesAt) {
            throw new StepStoppedException("the worker is gone");
        }
    }

    @Override
    public void progress(long done, long total, long bytesDone, long bytesTotal) {}
}

package io.vaultferry.orchestrator.saga;

import static io.vaultferry.orchestrator.saga.SagaStatus.COMPENSATED;
import static io.vaultferry.orchestrator.saga.SagaStatus.COMPENSATING;
import static io.vaultferry.orchestrator.saga.SagaStatus.COMPLETED;
import static io.vaultferry.orchestrator.saga.SagaStatus.COMPLETED_WITH_EXCEPTIONS;
import static io.vaultferry.orchestrator.saga.SagaStatus.PAUSED;
import static io.vaultferry.orchestrator.saga.SagaStatus.PLANNED;
import static io.vaultferry.orchestrator.saga.SagaStatus.RUNNING;
import static io.vaultferry.orchestrator.saga.SagaStatus.STUCK;
import static io.vaultferry.orchestrator.saga.SagaStatus.WAITING;

/**
 * The transitions of a saga. Every move of {@link SagaEngine} names its row, so that the picture in the documentation,
 * the history and the tests speak of the same things.
 */
public enum Transition {
    // spotless:off
    //                         from          on                                     to                          what follows
    START                     (PLANNED,      "started",                             RUNNING,                    "the first step is asked for"),
    CANCEL_PLANNED            (PLANNED,      "operator: cancel",                    COMPENSATING,               "nothing was done: only the clean-up follows"),

    STEP_COMPLETED            (RUNNING,      "completion event",                    RUNNING,                    "the next step that the options want is asked for"),
    DRY_RUN_PLANNED           (RUNNING,      "target inspected, dry run",           RUNNING,                    "the plan is there: only the clean-up follows"),
    PLAN_AWAITS_APPROVAL      (RUNNING,      "target inspected, approval required", WAITING,                    "the operator reads the plan"),
    PLAN_BLOCKED              (RUNNING,      "target inspected, plan impossible",   STUCK,                      "the target cannot take it: nothing has been written"),
    MEMBERS_AWAITED           (RUNNING,      "members confirmed, some waiting",     WAITING,                    "they are asked for again after a while"),
    MEMBERS_LEFT_BEHIND       (RUNNING,      "members confirmed, some waiting",     RUNNING,                    "the operator approved meanwhile: confirmed again without waiting"),
    FINISH_COMPLETE           (RUNNING,      "migration finished",                  COMPLETED,                  "everything arrived, or it was a dry run"),
    FINISH_WITH_EXCEPTIONS    (RUNNING,      "migration finished",                  COMPLETED_WITH_EXCEPTIONS,  "the report lists what did not arrive"),
    STEP_FAILED               (RUNNING,      "step failed",                         STUCK,                      "the failure says what an operator has to do"),
    STEP_CREDENTIALS_REJECTED (RUNNING,      "step failed, credentials rejected",   WAITING,                    "the operator renews the connection, then retries"),
    STEP_FAILED_FOR_GOOD      (RUNNING,      "step failed, compensate",             COMPENSATING,               "it cannot succeed: what was done is taken back"),
    STEP_OVERDUE              (RUNNING,      "deadline passed",                     RUNNING,                    "the same command again; a participant answers a duplicate from its stored reply"),
    PAUSE_REQUESTED           (RUNNING,      "operator: pause",                     RUNNING,                    "the step is asked to halt"),
    CANCEL_REQUESTED          (RUNNING,      "operator: cancel",                    RUNNING,                    "the step is asked to halt"),
    HALTED_FOR_PAUSE          (RUNNING,      "step halted",                         PAUSED,                     "rests until the operator resumes"),
    COMPLETED_BEFORE_PAUSE    (RUNNING,      "completion event while halting",      PAUSED,                     "the next step is not asked for"),
    HALTED_FOR_CANCEL         (RUNNING,      "step halted",                         COMPENSATING,               "compensation begins"),
    COMPLETED_BEFORE_CANCEL   (RUNNING,      "completion event while halting",      COMPENSATING,               "compensation begins"),
    FAILED_BEFORE_CANCEL      (RUNNING,      "step failed while halting",           COMPENSATING,               "compensation begins"),

    RESUME                    (PAUSED,       "operator: resume",                    RUNNING,                    "the step is asked for with the next attempt"),
    CANCEL_PAUSED             (PAUSED,       "operator: cancel",                    COMPENSATING,               "compensation begins"),

    APPROVE_PLAN              (WAITING,      "operator: approve",                   RUNNING,                    "the first writing step is asked for"),
    APPROVE_WITHOUT_WAITING   (WAITING,      "operator: approve",                   RUNNING,                    "members are confirmed a last time; who has not accepted is left invited"),
    POLL                      (WAITING,      "poll due",                            WAITING,                    "members are confirmed again"),
    MEMBERS_STILL_AWAITED     (WAITING,      "members confirmed, some waiting",     WAITING,                    "they are asked for again after a while"),
    MEMBERS_ALL_CONFIRMED     (WAITING,      "members confirmed, nobody waiting",   RUNNING,                    "the next step is asked for"),
    POLL_POSTPONED            (WAITING,      "step failed, passes by itself",       WAITING,                    "a server that is away for a while does not end the waiting"),
    POLL_FAILED               (WAITING,      "step failed",                         STUCK,                      "the failure says what an operator has to do"),
    POLL_CREDENTIALS_REJECTED (WAITING,      "step failed, credentials rejected",   WAITING,                    "the operator renews the connection, then retries"),
    POLL_OVERDUE              (WAITING,      "deadline passed",                     WAITING,                    "the same command again"),
    RETRY_WAITING             (WAITING,      "operator: retry",                     RUNNING,                    "the step is asked for with the next attempt"),
    RETRY_WAITING_UNDO        (WAITING,      "operator: retry",                     COMPENSATING,               "the compensation is asked for with the next attempt"),
    CANCEL_WAITING            (WAITING,      "operator: cancel",                    COMPENSATING,               "compensation begins"),

    UNDO_COMPLETED            (COMPENSATING, "step undone",                         COMPENSATING,               "the step before it is taken back; after the last one the clean-up follows"),
    UNDO_FINISHED             (COMPENSATING, "migration finished",                  COMPENSATED,                "staging and keys are gone"),
    UNDO_FAILED               (COMPENSATING, "step failed",                         STUCK,                      "the failure says what an operator has to do"),
    UNDO_CREDENTIALS_REJECTED (COMPENSATING, "step failed, credentials rejected",   WAITING,                    "the operator renews the connection, then retries"),
    UNDO_OVERDUE              (COMPENSATING, "deadline passed",                     COMPENSATING,               "the same command again"),

    RETRY_STUCK               (STUCK,        "operator: retry",                     RUNNING,                    "the step is asked for with the next attempt"),
    RETRY_STUCK_UNDO          (STUCK,        "operator: retry",                     COMPENSATING,               "the compensation is asked for with the next attempt"),
    CANCEL_STUCK              (STUCK,        "operator: cancel",                    COMPENSATING,               "compensation begins");
    // spotless:on

    private final SagaStatus from;
    private final String on;
    private final SagaStatus to;
    private final String follows;

    Transition(SagaStatus from, String on, SagaStatus to, String follows) {
        if (from.ended()) {
            throw new IllegalStateException("nothing leaves " + from);
        }
        this.from = from;
        this.on = on;
        this.to = to;
        this.follows = follows;
    }

    public SagaStatus from() {
        return from;
    }

    /** What comes in, in words. */
    public String on() {
        return on;
    }

    public SagaStatus to() {
        return to;
    }

    /** What happens then, in words. */
    public String follows() {
        return follows;
    }
}

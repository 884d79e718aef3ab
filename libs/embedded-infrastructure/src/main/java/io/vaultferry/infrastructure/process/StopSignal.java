package io.vaultferry.infrastructure.process;

/** The signal by which a child process is asked to end in an orderly way. */
public enum StopSignal {
    /** What Java programs understand as "shut down". */
    TERM,
    /** PostgreSQL's "fast shutdown": sessions are ended instead of waited for. */
    INT
}

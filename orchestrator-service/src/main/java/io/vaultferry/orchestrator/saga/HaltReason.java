package io.vaultferry.orchestrator.saga;

/** What an operator wants once the running step has come to its safe point. */
public enum HaltReason {
    PAUSE,
    CANCEL
}

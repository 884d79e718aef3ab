package io.vaultferry.orchestrator.saga;

/** Whether a migration moves on or takes back. */
public enum Direction {
    FORWARD,
    BACKWARD
}

package io.vaultferry.contracts;

/** A service that carries out steps. */
public enum Participant {
    ORCHESTRATOR,
    EXPORT,
    IMPORT,
    IDENTITY,
    ATTACHMENT;

    /** The service's name in configuration, consumer groups and logs, for example {@code export-service}. */
    public String serviceName() {
        return name().toLowerCase(java.util.Locale.ROOT) + "-service";
    }
}

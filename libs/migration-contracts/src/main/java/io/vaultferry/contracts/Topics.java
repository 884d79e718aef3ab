package io.vaultferry.contracts;

import java.util.List;

/** Names of all Kafka topics. Channel names in the services equal the topic names. */
public final class Topics {

    public static final String EXPORT_COMMANDS = "export-commands";
    public static final String IMPORT_COMMANDS = "import-commands";
    public static final String IDENTITY_COMMANDS = "identity-commands";
    public static final String ATTACHMENT_COMMANDS = "attachment-commands";

    /** Transfer units; the only topic whose record key is not the migration id, so that work spreads. */
    public static final String ATTACHMENT_WORK = "attachment-work";

    public static final String MIGRATION_EVENTS = "migration-events";

    /** Every topic that is not a dead-letter topic. */
    public static final List<String> ALL = List.of(
            EXPORT_COMMANDS,
            IMPORT_COMMANDS,
            IDENTITY_COMMANDS,
            ATTACHMENT_COMMANDS,
            ATTACHMENT_WORK,
            MIGRATION_EVENTS);

    private Topics() {}

    /** The topic on which a participant receives its step commands. */
    public static String commandsOf(Participant participant) {
        return switch (participant) {
            case EXPORT -> EXPORT_COMMANDS;
            case IMPORT -> IMPORT_COMMANDS;
            case IDENTITY -> IDENTITY_COMMANDS;
            case ATTACHMENT -> ATTACHMENT_COMMANDS;
            case ORCHESTRATOR ->
                throw new IllegalArgumentException("the orchestrator runs its own steps in its database");
        };
    }

    /** The topic that receives what a consumer of {@code topic} could not process. */
    public static String deadLettersOf(String topic) {
        return topic + "-dlq";
    }
}

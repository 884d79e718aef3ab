package io.vaultferry.contracts;

/** What an operator chose to move. Collections and items are always moved. */
public record MigrationOptions(boolean attachments, boolean members, boolean groups, boolean policies, boolean trash) {

    /** Everything. */
    public static final MigrationOptions ALL = new MigrationOptions(true, true, true, true, true);
}

package io.vaultferry.contracts;

/** The steps of a migration in their order. Persisted and sent by name, never by position. */
public enum Step {
    INSPECT_SOURCE(Participant.EXPORT),
    INSPECT_TARGET(Participant.IMPORT),
    PREPARE_TARGET(Participant.IMPORT),
    EXPORT_VAULT(Participant.EXPORT),
    IMPORT_COLLECTIONS(Participant.IMPORT),
    PROVISION_GROUPS(Participant.IDENTITY),
    IMPORT_ITEMS(Participant.IMPORT),
    TRANSFER_ATTACHMENTS(Participant.ATTACHMENT),
    INVITE_MEMBERS(Participant.IDENTITY),
    CONFIRM_MEMBERS(Participant.IDENTITY),
    APPLY_POLICIES(Participant.IDENTITY),
    VERIFY(Participant.EXPORT),
    FINISH(Participant.ORCHESTRATOR);

    private final Participant participant;

    Step(Participant participant) {
        this.participant = participant;
    }

    /** The service that carries the step out. */
    public Participant participant() {
        return participant;
    }
}

package io.vaultferry.contracts;

/** Why a step failed: what follows from it, and the sentence that an operator reads. */
public enum FailureCode {
    SERVER_UNREACHABLE(
            Disposition.RETRY_LATER,
            "The server cannot be reached. Check the address, the network and the certificate."),
    RATE_LIMITED(Disposition.RETRY_LATER, "The server limits the rate of requests and did not let up."),
    SERVER_ERROR(Disposition.RETRY_LATER, "The server answered with an internal error."),
    OUTCOME_UNSETTLED(
            Disposition.RETRY_LATER,
            "Whether a write arrived could not be found out yet, because the target cannot be listed."),
    CREDENTIALS_REJECTED(
            Disposition.ASK_OPERATOR,
            "The server no longer accepts the credentials of the connection. Give new ones with PUT /api/v1/connections/{id}/credentials, then retry."),
    RIGHTS_MISSING(
            Disposition.ASK_OPERATOR,
            "The account may not do this in the organization. It has to be an owner or an administrator with access to all collections."),
    ORGANIZATION_NOT_FOUND(Disposition.ASK_OPERATOR, "The account does not see the organization."),
    SEAT_LIMIT_REACHED(Disposition.ASK_OPERATOR, "The target organization has no seat left."),
    STORAGE_LIMIT_REACHED(Disposition.ASK_OPERATOR, "The target organization has no storage left."),
    COLLECTION_LIMIT_REACHED(Disposition.ASK_OPERATOR, "The target organization cannot hold more collections."),
    UNSUPPORTED_ENCRYPTION(
            Disposition.ASK_OPERATOR,
            "The account or the organization uses an encryption that Vaultferry does not read."),
    KEY_MISMATCH(Disposition.ASK_OPERATOR, "The organization's key does not open the organization's data."),
    REQUEST_REFUSED(Disposition.ASK_OPERATOR, "The server refused a request that the step cannot do without."),
    PROTOCOL_VIOLATION(Disposition.ASK_OPERATOR, "The server answered in a way that Vaultferry does not understand."),
    FORBIDDEN_TARGET(
            Disposition.ASK_OPERATOR,
            "The address is not allowed. Start Vaultferry with --allow-insecure-servers when http, loopback or private addresses are meant."),
    STAGING_UNAVAILABLE(
            Disposition.RETRY_LATER,
            "The staging store cannot be read or written. Check its address, its key and its free space."),
    STAGED_DATA_DAMAGED(
            Disposition.ASK_OPERATOR, "A staged document is damaged or missing. Start the migration again."),
    GRANT_REFUSED(Disposition.ASK_OPERATOR, "The orchestrator refused access for this migration."),
    ORCHESTRATOR_UNREACHABLE(Disposition.RETRY_LATER, "The orchestrator did not answer the request for a grant."),
    CREATION_REFUSED(Disposition.COMPENSATE, "The target server does not let the account create an organization."),
    INTERNAL_ERROR(
            Disposition.ASK_OPERATOR, "A defect of Vaultferry: see the log of the service for the migration and step.");

    private final Disposition disposition;
    private final String sentence;

    FailureCode(Disposition disposition, String sentence) {
        this.disposition = disposition;
        this.sentence = sentence;
    }

    public Disposition disposition() {
        return disposition;
    }

    /** What an operator reads: what is wrong and what to do. */
    public String sentence() {
        return sentence;
    }
}

package io.vaultferry.contracts;

/** Why an object was skipped or quarantined, or what was noticed about one that was moved; with the operator's sentence. */
public enum ReasonCode {
    LEFT_OUT_BY_OPTION("Left out by an option of the migration."),
    UNSUPPORTED_BY_TARGET("The target server does not take this kind of object."),
    REFUSED_BY_TARGET("The target server refused the object."),
    NOT_FOUND_AFTER_IMPORT("The target server accepted the object and does not show it."),
    UNREADABLE_AT_SOURCE("It does not open under the organization's key: damaged, or encrypted with another key."),
    UNSUPPORTED_ENCRYPTION("It is encrypted in a way that Vaultferry does not read."),
    FIELD_TOO_LONG("A field is longer than the target server takes."),
    FILE_TOO_LARGE("The file is larger than the target server takes."),
    FILE_MISSING_AT_SOURCE("The source lists the file and has no bytes for it."),
    FILE_DAMAGED_AT_SOURCE("The file's authentication code does not fit its bytes."),
    FILE_DAMAGED_ON_TRANSFER("What was read back from the target is not what was sent."),
    UPLOAD_UNSUPPORTED("The target server wants the file's bytes in a way that Vaultferry does not support."),
    PARENT_NOT_MOVED("What it belongs to was not moved."),
    MIGRATION_ACCOUNT("The account that migrates: it is in the target organization already and is left as it is."),
    ALREADY_IN_TARGET("It was in the target already and was updated."),
    STILL_INVITED("The person has been invited and has not accepted yet."),
    REVOKED_AT_SOURCE("The person's access is revoked in the source and was revoked in the target."),
    FINGERPRINT_UNCONFIRMED("The person's public key could not be confirmed."),
    LOSS_OF_DETAIL("It arrived, but the target server does not keep every detail."),
    CHANGED_AT_SOURCE("It changed in the source after it was read."),
    MISSING_IN_TARGET("It is missing in the target."),
    DIFFERENT_IN_TARGET("It differs in the target."),
    UNEXPECTED_IN_TARGET("It is in the target and nobody accounts for it."),
    DUPLICATED_IN_TARGET("It is in the target more than once.");

    private final String sentence;

    ReasonCode(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}

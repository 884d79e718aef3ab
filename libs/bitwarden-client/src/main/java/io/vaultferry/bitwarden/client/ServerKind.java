package io.vaultferry.bitwarden.client;

/** Which software answers. */
public enum ServerKind {
    BITWARDEN_CLOUD,
    BITWARDEN_SELF_HOSTED,
    VAULTWARDEN,
    /** Something that names itself and is none of the others. */
    OTHER
}

package io.vaultferry.participant.journal;

/** Kinds of objects that are created in a target. Stored by name. */
public enum WriteKind {
    ORGANIZATION,
    COLLECTION,
    GROUP,
    ITEM,
    ATTACHMENT,
    MEMBER
}

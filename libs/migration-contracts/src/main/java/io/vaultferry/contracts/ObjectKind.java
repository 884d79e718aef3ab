package io.vaultferry.contracts;

/** Kinds of objects of an organization that a report accounts for. */
public enum ObjectKind {
    COLLECTION,
    GROUP,
    ITEM,
    ATTACHMENT,
    MEMBER,
    POLICY
}

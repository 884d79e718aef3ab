package io.vaultferry.testsupport.wrong.domain;

/** Stands for the token of the crypto library; the rule goes by its name. */
final class RevealKeyBytes {
    private RevealKeyBytes() {}
}

package io.vaultferry.sandbox.server;

/** Checks the master password that some calls ask for once more. */
final class Passwords {

    /** Refuses unless the body has the account's master password hash. */
    void require(Account account, Json body) {
        String sent =
                body.optionalText("masterPasswordHash").orElseThrow(() -> Refusal.invalid("No validation provided"));
        if (!account.passwordHash.matches(sent)) {
            throw Refusal.invalid("Invalid password");
        }
    }
}

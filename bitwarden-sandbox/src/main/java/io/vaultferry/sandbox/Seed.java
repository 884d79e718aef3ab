package io.vaultferry.sandbox;

import java.nio.file.Path;

/** What a sandbox holds when it starts for the first time. */
public sealed interface Seed {

    /** An empty server. */
    static Seed none() {
        return new None();
    }

    /** The recorded organization with its accounts, members, groups, items and files, bundled with this module. */
    static Seed recorded() {
        return new Recorded(true);
    }

    /** The accounts of the recorded organization, without the organization: a target to migrate to. */
    static Seed recordedAccountsOnly() {
        return new Recorded(false);
    }

    /** An organization in the format of the recording: a {@code stored.json}, and its files by attachment id in a directory. */
    static Seed of(Path storedJson, Path attachments) {
        return new Files(storedJson, attachments);
    }

    record None() implements Seed {}

    record Recorded(boolean withOrganization) implements Seed {}

    record Files(Path storedJson, Path attachments) implements Seed {}
}

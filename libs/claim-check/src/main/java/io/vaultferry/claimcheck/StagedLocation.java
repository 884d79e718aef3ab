package io.vaultferry.claimcheck;

import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a document lies in a store, as claim checks say it: the migration, and below it a name with 128 random bits, so that
 * nothing is written twice and nobody guesses it. All stores use the same form.
 *
 * @param file the document's name within its migration
 */
public record StagedLocation(MigrationId migration, String file) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+){0,7}");
    private static final int LONGEST_NAME = 64;
    private static final Pattern LOCATION = Pattern.compile(
            "(?<migration>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/(?<file>[a-z0-9-]{1,64}-[0-9a-f]{32})");
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * A new place for a document.
     *
     * @param name what the document is, as lower-case words with hyphens
     * @throws IllegalArgumentException when the name is not of that form
     */
    public static StagedLocation make(MigrationId migration, String name) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a document name: lower-case words with hyphens are expected");
        }
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return new StagedLocation(migration, name + "-" + HexFormat.of().formatHex(bytes));
    }

    /**
     * Where the document of a claim check lies.
     *
     * @throws StagedDataDamagedException when its location is not of a store's making
     */
    public static StagedLocation of(ClaimCheck check) {
        Matcher location = LOCATION.matcher(check.location());
        // A location comes from a message: whatever is not exactly of our own making must not become a path.
        if (!location.matches()) {
            throw new StagedDataDamagedException("a claim check does not name a staged document");
        }
        return new StagedLocation(MigrationId.of(location.group("migration")), location.group("file"));
    }

    /** The form of claim checks. */
    @Override
    public String toString() {
        return migration + "/" + file;
    }
}

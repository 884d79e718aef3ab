package io.vaultferry.claimcheck.documents;

import java.util.regex.Pattern;

/** What may stand for an object in documents that reports are made of. */
final class ObjectIds {

    // No dot, no at sign, no equals sign and no space: neither an e-mail address nor an encrypted string passes, nor
    // most names.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:/_-]{0,127}");

    private ObjectIds() {}

    static String requireId(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("not an object's id");
        }
        return id;
    }
}

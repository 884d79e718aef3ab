package io.vaultferry.sandbox.server;

import io.vaultferry.sandbox.server.Organization.Access;

/** A collection, group or member by its id with an access, as requests name them: all four members are required. */
record Selection(String id, Access access) {

    static Selection read(Json json) {
        return new Selection(
                json.text("id"), new Access(json.flag("readOnly"), json.flag("hidePasswords"), json.flag("manage")));
    }
}

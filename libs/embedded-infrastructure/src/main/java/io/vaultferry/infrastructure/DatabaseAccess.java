package io.vaultferry.infrastructure;

import java.util.Objects;

/** Where one service's database is and how to log in. A class and not a record, because its text form must not show the password. */
public final class DatabaseAccess {

    private final String jdbcUrl;
    private final String username;
    private final String password;

    public DatabaseAccess(String jdbcUrl, String username, String password) {
        this.jdbcUrl = Objects.requireNonNull(jdbcUrl);
        this.username = Objects.requireNonNull(username);
        this.password = Objects.requireNonNull(password);
    }

    public String jdbcUrl() {
        return jdbcUrl;
    }

    public String username() {
        return username;
    }

    public String password() {
        return password;
    }

    @Override
    public String toString() {
        return "DatabaseAccess[" + jdbcUrl + ", " + username + "]";
    }
}

package io.vaultferry.messaging.database;

import java.sql.SQLException;

/** The database refused a statement or cannot be reached. */
public final class DatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseException(SQLException cause) {
        super("SQL state " + cause.getSQLState(), cause);
    }
}

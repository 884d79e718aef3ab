package io.vaultferry.infrastructure;

import io.vaultferry.infrastructure.process.CannotStartException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;

/** A PostgreSQL server as its administrator sees it: one database and one role for each service. */
public final class DatabaseServer {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");

    private final String address;
    private final String administrator;
    private final String password;

    /**
     * @param address {@code host:port}
     * @param administrator a role that may create roles and databases
     */
    public DatabaseServer(String address, String administrator, String password) {
        this.address = Objects.requireNonNull(address);
        this.administrator = Objects.requireNonNull(administrator);
        this.password = Objects.requireNonNull(password);
    }

    /**
     * The database of that name with a role of the same name, both created when missing. The role's password is a new one on every
     * call, so it need not be kept anywhere.
     *
     * @throws CannotStartException when the server refuses
     */
    public DatabaseAccess provide(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Not a database name: " + name);
        }
        String rolePassword = randomPassword();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            // Neither can be a parameter of these statements: the name is checked above, the password is base64url.
            statement.execute(
                    (exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", name) ? "ALTER" : "CREATE")
                            + " ROLE \"" + name + "\" LOGIN PASSWORD '" + rolePassword + "'");
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
                statement.execute("CREATE DATABASE \"" + name + "\" OWNER \"" + name + "\"");
                statement.execute("REVOKE ALL ON DATABASE \"" + name + "\" FROM PUBLIC");
            }
        } catch (SQLException e) {
            throw new CannotStartException("Cannot create the database " + name + ": " + e.getMessage(), e);
        }
        return new DatabaseAccess(url(name), name, rolePassword);
    }

    /** A session of the administrator. */
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", administrator);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "5");
        return DriverManager.getConnection(url("postgres"), properties);
    }

    static String randomPassword() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://" + address + "/" + database;
    }

    @Override
    public String toString() {
        return "DatabaseServer[" + address + ", " + administrator + "]";
    }
}

package io.vaultferry.orchestrator;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Every row of every table, as text; bytes are in hexadecimal. */
public final class DatabaseDump {

    private DatabaseDump() {}

    public static String of(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            StringBuilder dump = new StringBuilder();
            for (String table : column(
                    connection, "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()")) {
                dump.append(table).append('\n');
                column(connection, "SELECT t::text FROM " + table + " t")
                        .forEach(row -> dump.append(row).append('\n'));
            }
            return dump.toString();
        }
    }

    private static List<String> column(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (result.next()) {
                values.add(result.getString(1));
            }
            return values;
        }
    }
}

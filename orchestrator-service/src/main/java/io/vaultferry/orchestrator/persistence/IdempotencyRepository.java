package io.vaultferry.orchestrator.persistence;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.messaging.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Which request a client's idempotency key stands for. */
@ApplicationScoped
public class IdempotencyRepository {

    private final Database database;

    IdempotencyRepository(Database database) {
        this.database = database;
    }

    public record Known(String bodySha256, MigrationId migration) {}

    public Optional<Known> find(String key) {
        return database.queryOne(
                row -> new Known(row.getString("body_sha256"), new MigrationId(Columns.uuid(row, "migration_id"))),
                "select * from idempotency_key where key = ?",
                key);
    }

    /** Remembers a key; false when it is known already. Waits for a transaction that is about to store the same. */
    public boolean insert(String key, Known known) {
        return database.update(
                        "insert into idempotency_key (key, body_sha256, migration_id) values (?, ?, ?)"
                                + " on conflict do nothing",
                        key,
                        known.bodySha256(),
                        known.migration().value())
                == 1;
    }
}

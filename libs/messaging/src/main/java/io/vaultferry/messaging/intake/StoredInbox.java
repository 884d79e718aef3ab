package io.vaultferry.messaging.intake;

import io.quarkus.scheduler.Scheduled;
import io.vaultferry.messaging.Inbox;
import io.vaultferry.messaging.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The inbox as a table. */
@ApplicationScoped
class StoredInbox implements Inbox {

    private final Database database;
    private final Duration keep;

    StoredInbox(Database database, @ConfigProperty(name = "vaultferry.inbox.keep", defaultValue = "7d") Duration keep) {
        this.database = database;
        this.keep = keep;
    }

    @Override
    @Transactional(Transactional.TxType.MANDATORY)
    public boolean firstTime(UUID messageId, String consumer) {
        // While another transaction holds the same new row, this waits for its outcome.
        return database.update(
                        "insert into inbox_message (message_id, consumer) values (?, ?) on conflict do nothing",
                        messageId,
                        consumer)
                == 1;
    }

    @Scheduled(every = "1h", delayed = "10m")
    void purge() {
        database.update(
                "delete from inbox_message where received_at < clock_timestamp() - make_interval(secs => ?)",
                keep.toSeconds());
    }
}

package io.vaultferry.participant.journal;

import io.vaultferry.messaging.database.Database;
import io.vaultferry.participant.MigrationSession;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Hands out writers over the journal in the service's database. */
@ApplicationScoped
public class WriteJournals {

    private final Database database;
    private final Duration inFlight;
    private final Optional<Duration> quiesce;

    /**
     * @param inFlight the longest time that a call may still have an effect after its worker has gone or given it up
     * @param quiesce the time between two listings that have to be equal; as the target's profile says when absent
     */
    WriteJournals(
            Database database,
            @ConfigProperty(name = "vaultferry.writes.in-flight", defaultValue = "PT30S") Duration inFlight,
            @ConfigProperty(name = "vaultferry.writes.quiesce") Optional<Duration> quiesce) {
        this.database = database;
        this.inFlight = inFlight;
        this.quiesce = quiesce;
    }

    /**
     * The writer of one scope. It seals under the session's staging key, so use it while the session is open.
     *
     * @param target a session of the target side of the scope's migration
     */
    public EffectivelyOnceWriter writer(WriteScope scope, MigrationSession target) {
        if (!scope.migration().equals(target.migration())) {
            throw new IllegalArgumentException("the session is of another migration");
        }
        Duration wait = quiesce.orElseGet(() -> target.profile().quiesceTime());
        return new EffectivelyOnceWriter(
                new PostgresIntentStore(database, scope, target.stagingKey()), WriterSettings.of(wait, inFlight));
    }
}

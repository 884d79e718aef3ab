package io.vaultferry.participant;

import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.ClientSettings;
import io.vaultferry.bitwarden.client.OrganizationId;
import io.vaultferry.bitwarden.client.ServerInfo;
import io.vaultferry.bitwarden.client.ServerProfile;
import io.vaultferry.bitwarden.client.UserId;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.Side;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Access to the servers of a migration, by grants of the orchestrator. All sessions of one side of one migration share a
 * grant, which is kept in memory for some minutes after the last of them was closed, and then destroyed with its keys.
 * Thread-safe.
 */
@ApplicationScoped
public class Grants {

    static final Duration KEPT_UNUSED = Duration.ofMinutes(2);
    private static final long SWEEP_SECONDS = 15;

    private final GrantClient client;
    private final ClientSettings settings;
    private final LongSupplier nanoTime;
    private final Map<Key, Slot> slots = new HashMap<>();
    private final ScheduledExecutorService sweeper;

    @Inject
    Grants(GrantClient client, ClientSettings settings) {
        this(client, settings, System::nanoTime);
    }

    Grants(GrantClient client, ClientSettings settings, LongSupplier nanoTime) {
        this.client = client;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.sweeper = Executors.newSingleThreadScheduledExecutor(
                task -> Thread.ofPlatform().daemon().name("grant-sweeper").unstarted(task));
        // Only moves objects between maps and overwrites keys: nothing in it can fail and silently end the schedule.
        var unused = sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Opens a session; fetches a grant from the orchestrator unless one is in memory.
     *
     * @throws io.vaultferry.messaging.StepFailureException when the orchestrator refuses or cannot be reached
     */
    public MigrationSession open(MigrationId migration, Side side) {
        Key key = new Key(migration, side);
        Slot slot;
        synchronized (slots) {
            slot = slots.computeIfAbsent(key, missing -> new Slot());
            slot.users++;
        }
        try {
            return new Session(key, slot, slot.grant(key, client, settings));
        } catch (RuntimeException e) {
            release(key, slot);
            throw e;
        }
    }

    private void release(Key key, Slot slot) {
        synchronized (slots) {
            slot.users--;
            slot.unusedSince = nanoTime.getAsLong();
            // The next grant of an organization that is still to be created may already hold it.
            if (slot.users == 0 && slot.isWorthless()) {
                slots.remove(key);
                slot.destroy();
            }
        }
    }

    /** Destroys what nobody has used for a while. */
    void sweep() {
        List<Slot> idle = new ArrayList<>();
        synchronized (slots) {
            long now = nanoTime.getAsLong();
            slots.values().removeIf(slot -> {
                boolean expired = slot.users == 0 && now - slot.unusedSince >= KEPT_UNUSED.toNanos();
                if (expired) {
                    idle.add(slot);
                }
                return expired;
            });
        }
        idle.forEach(Slot::destroy);
    }

    @PreDestroy
    void destroyAll() {
        sweeper.shutdownNow();
        synchronized (slots) {
            slots.values().forEach(Slot::destroy);
            slots.clear();
        }
    }

    private record Key(MigrationId migration, Side side) {}

    /** A grant, or the place for one. {@code users} and {@code unusedSince} are guarded by the map's lock. */
    private static final class Slot {

        private int users;
        private long unusedSince;
        private HeldGrant grant;

        /** Fetches it once, however many threads ask; who waits gets the same. */
        synchronized HeldGrant grant(Key key, GrantClient client, ClientSettings settings) {
            if (grant == null) {
                grant = HeldGrant.fetch(key.migration(), key.side(), client, settings);
            }
            return grant;
        }

        synchronized boolean isWorthless() {
            return grant == null || grant.organization().isEmpty();
        }

        synchronized void destroy() {
            if (grant != null) {
                grant.destroy();
                grant = null;
            }
        }
    }

    private final class Session implements MigrationSession {

        private final Key key;
        private final Slot slot;
        private final HeldGrant grant;
        private final AtomicBoolean closed = new AtomicBoolean();

        Session(Key key, Slot slot, HeldGrant grant) {
            this.key = key;
            this.slot = slot;
            this.grant = grant;
        }

        @Override
        public MigrationId migration() {
            return grant.migration();
        }

        @Override
        public Side side() {
            return grant.side();
        }

        @Override
        public BitwardenSession server() {
            return open().session();
        }

        @Override
        public ServerInfo info() {
            return open().server().info();
        }

        @Override
        public ServerProfile profile() {
            return open().server().profile();
        }

        @Override
        public OrganizationId organization() {
            return open().organization().orElseThrow(Session::stillToBeCreated);
        }

        @Override
        public SymmetricKey organizationKey() {
            return open().organizationKey().orElseThrow(Session::stillToBeCreated);
        }

        @Override
        public Optional<OrganizationToCreate> toCreate() {
            return open().toCreate();
        }

        @Override
        public StagingKey stagingKey() {
            return open().stagingKey();
        }

        @Override
        public UserId account() {
            return open().account();
        }

        @Override
        public String accountEmail() {
            return open().accountEmail();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                release(key, slot);
            }
        }

        private HeldGrant open() {
            if (closed.get()) {
                throw new IllegalStateException("the session is closed");
            }
            return grant;
        }

        private static IllegalStateException stillToBeCreated() {
            return new IllegalStateException("the organization is still to be created");
        }
    }
}

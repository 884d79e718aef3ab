package io.vaultferry.sandbox.server;

import io.vaultferry.sandbox.server.Organization.Member;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * All that the server knows, in memory. Everything in it is read and changed only within {@link #read} and {@link #write};
 * items are immutable and may leave.
 */
final class Vault {

    private static final String SECRET_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int API_KEY_LENGTH = 30;

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final State state;

    /** What a snapshot holds. */
    static final class State {
        byte[] signingKey;
        Map<String, Account> accounts = new LinkedHashMap<>();
        Map<String, Organization> organizations = new LinkedHashMap<>();
        Map<String, Item> items = new LinkedHashMap<>();
        /** E-mail addresses that may register though sign-ups are closed. */
        TreeSet<String> invitations = new TreeSet<>();
    }

    Vault(InstantSource clock, State state) {
        this.clock = clock;
        this.state = state;
        if (state.signingKey == null) {
            state.signingKey = new byte[32];
            random.nextBytes(state.signingKey);
        }
    }

    <T> T read(Supplier<T> action) {
        lock.readLock().lock();
        try {
            return action.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    <T> T write(Supplier<T> action) {
        lock.writeLock().lock();
        try {
            return action.get();
        } finally {
            lock.writeLock().unlock();
        }
    }

    State state() {
        return state;
    }

    /** Now, as precise as the recorded server's dates. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    String newId() {
        return UUID.randomUUID().toString();
    }

    /** 10 random bytes in hexadecimal. */
    String newAttachmentId() {
        byte[] bytes = new byte[10];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    String newSecret() {
        StringBuilder secret = new StringBuilder(API_KEY_LENGTH);
        for (int i = 0; i < API_KEY_LENGTH; i++) {
            secret.append(SECRET_ALPHABET.charAt(random.nextInt(SECRET_ALPHABET.length())));
        }
        return secret.toString();
    }

    byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    Optional<Account> account(String id) {
        return Optional.ofNullable(state.accounts.get(id));
    }

    Optional<Account> accountByEmail(String email) {
        String wanted = normalize(email);
        return state.accounts.values().stream()
                .filter(account -> account.email.equals(wanted))
                .findFirst();
    }

    Account addAccount(String email) {
        Account account = new Account();
        account.id = newId();
        account.email = normalize(email);
        account.securityStamp = newId();
        account.createdAt = now();
        account.revisedAt = account.createdAt;
        state.accounts.put(account.id, account);
        return account;
    }

    static String normalize(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    Optional<Organization> organization(String id) {
        return Optional.ofNullable(state.organizations.get(id));
    }

    Stream<Organization> organizations() {
        return state.organizations.values().stream();
    }

    /** Memberships of an account in all organizations, whatever their status. */
    List<Member> membershipsOf(String userId) {
        return organizations()
                .flatMap(organization -> organization.memberOf(userId).stream())
                .toList();
    }

    Optional<Item> item(String id) {
        return Optional.ofNullable(state.items.get(id));
    }

    /** In the order of the last save. */
    List<Item> itemsOf(Organization organization) {
        List<Item> items = new ArrayList<>();
        for (Item item : state.items.values()) {
            if (organization.id.equals(item.organizationId())) {
                items.add(item);
            }
        }
        return items;
    }

    /** By id, as the recorded server lists what one user may see. */
    List<Item> allItemsById() {
        List<Item> items = new ArrayList<>(state.items.values());
        items.sort(Comparator.comparing(Item::id));
        return items;
    }

    /** A new item, or one that was saved as a whole: it goes to the end of the list. */
    void saveItem(Item item) {
        Organization.save(state.items, item.id(), item);
    }

    /** Only what hangs on the item changed: it keeps its place. */
    void replaceItem(Item item) {
        state.items.replace(item.id(), item);
    }

    void removeItem(Item item) {
        state.items.remove(item.id());
    }

    void removeOrganization(Organization organization) {
        itemsOf(organization).forEach(this::removeItem);
        state.organizations.remove(organization.id);
    }

    /** Tells the clients of all who may see something of the organization to synchronize. */
    void touch(Organization organization) {
        Instant now = now();
        organization.members.values().stream()
                .filter(Member::isConfirmed)
                .flatMap(member -> account(member.userId).stream())
                .forEach(account -> account.revisedAt = now);
    }

    void touch(Account account) {
        account.revisedAt = now();
    }

    /** Ends all sessions of an account. */
    void endSessions(Account account) {
        account.securityStamp = newId();
        account.devices.clear();
        touch(account);
    }
}

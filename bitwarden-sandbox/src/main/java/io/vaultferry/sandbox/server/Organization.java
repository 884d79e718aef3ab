package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** An organization with all that belongs to it except its items. */
final class Organization {
    String id;
    String name;
    String billingEmail;
    String publicKey;
    String encryptedPrivateKey;
    Map<String, Group> groups = new LinkedHashMap<>();
    Map<String, Member> members = new LinkedHashMap<>();
    Map<String, OrganizationCollection> collections = new LinkedHashMap<>();
    Map<Integer, Policy> policies = new LinkedHashMap<>();

    /** A collection; who may see it is kept with members and groups. */
    record OrganizationCollection(String id, String name, String externalId) {}

    /** What a member or group may do with a collection. */
    record Access(boolean readOnly, boolean hidePasswords, boolean manage) {
        static final Access FULL = new Access(false, false, true);
    }

    record Policy(String id, int type, boolean enabled, JsonNode data) {}

    /** Members are ids, in the order that the recorded server lists them: sorted. */
    static final class Group {
        String id;
        String name;
        String externalId;
        boolean accessAll;
        Map<String, Access> collections = new LinkedHashMap<>();
        SortedSet<String> members = new TreeSet<>();
    }

    /** The membership of an account. */
    static final class Member {
        String id;
        String userId;
        String key;
        String externalId;
        Status status = Status.INVITED;
        boolean revoked;
        Role role = Role.USER;
        boolean accessAll;
        Map<String, Access> collections = new LinkedHashMap<>();

        boolean isConfirmed() {
            return status == Status.CONFIRMED && !revoked;
        }

        /** Joined: accepted or confirmed, and not revoked. */
        boolean hasJoined() {
            return status != Status.INVITED && !revoked;
        }

        boolean isAtLeast(Role other) {
            return role.rank >= other.rank;
        }
    }

    enum Status {
        INVITED(0),
        ACCEPTED(1),
        CONFIRMED(2);

        final int number;

        Status(int number) {
            this.number = number;
        }
    }

    /** A role by its number on the wire and its rank among the others. */
    enum Role {
        OWNER(0, 3),
        ADMIN(1, 2),
        USER(2, 0),
        MANAGER(3, 1);

        /** The wire's number for "custom", which is stored as a manager. */
        static final int CUSTOM = 4;

        final int number;
        final int rank;

        Role(int number, int rank) {
            this.number = number;
            this.rank = rank;
        }

        static Optional<Role> of(int number) {
            for (Role role : values()) {
                if (role.number == number || (role == MANAGER && number == CUSTOM)) {
                    return Optional.of(role);
                }
            }
            return Optional.empty();
        }

        int numberToShow() {
            return this == MANAGER ? CUSTOM : number;
        }
    }

    /** Puts a row where the recorded server's database puts a saved one: at the end. */
    static <K, V> void save(Map<K, V> table, K id, V row) {
        table.remove(id);
        table.put(id, row);
    }

    Optional<Member> memberOf(String userId) {
        return members.values().stream()
                .filter(member -> member.userId.equals(userId))
                .findFirst();
    }

    long confirmedOwners() {
        return members.values().stream()
                .filter(member -> member.role == Role.OWNER && member.isConfirmed())
                .count();
    }

    void removeMember(String memberId) {
        members.remove(memberId);
        groups.values().forEach(group -> group.members.remove(memberId));
    }

    void removeCollection(String collectionId) {
        collections.remove(collectionId);
        groups.values().forEach(group -> group.collections.remove(collectionId));
        members.values().forEach(member -> member.collections.remove(collectionId));
    }

    boolean isEnabled(int policyType) {
        Policy policy = policies.get(policyType);
        return policy != null && policy.enabled();
    }
}

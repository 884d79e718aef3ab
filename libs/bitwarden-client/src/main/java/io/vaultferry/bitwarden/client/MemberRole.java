package io.vaultferry.bitwarden.client;

import java.util.Arrays;

/** The role of a member, with the wire's numbers ({@code OrganizationUserType} of bitwarden/server). */
public enum MemberRole {
    OWNER(0),
    ADMIN(1),
    USER(2),
    /** Gone from the official server; Vaultwarden stores it, reads it out as {@link #CUSTOM} and takes that for it. */
    MANAGER(3),
    CUSTOM(4);

    private final int code;

    MemberRole(int code) {
        this.code = code;
    }

    static MemberRole ofCode(int code) {
        return Arrays.stream(values())
                .filter(r -> r.code == code)
                .findFirst()
                .orElseThrow(() -> new ProtocolViolationException("Unknown role of a member: " + code + "."));
    }

    int codeToSend() {
        return switch (this) {
            case MANAGER, CUSTOM -> CUSTOM.code;
            case OWNER, ADMIN, USER -> code;
        };
    }
}

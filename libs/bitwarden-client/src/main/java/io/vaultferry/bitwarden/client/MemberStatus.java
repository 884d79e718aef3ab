package io.vaultferry.bitwarden.client;

import java.util.Arrays;

/** Where a membership stands, with the wire's numbers ({@code OrganizationUserStatusType} of bitwarden/server). */
public enum MemberStatus {
    REVOKED(-1),
    INVITED(0),
    ACCEPTED(1),
    CONFIRMED(2),
    STAGED(3);

    private final int code;

    MemberStatus(int code) {
        this.code = code;
    }

    static MemberStatus ofCode(int code) {
        return Arrays.stream(values())
                .filter(s -> s.code == code)
                .findFirst()
                .orElseThrow(() -> new ProtocolViolationException("Unknown status of a member: " + code + "."));
    }
}

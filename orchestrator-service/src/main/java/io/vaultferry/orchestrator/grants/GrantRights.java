package io.vaultferry.orchestrator.grants;

import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Side;

/**
 * What each participant is given, and no more: the one place to change it.
 *
 * <pre>
 *              source            target
 * export       key and token     key and token            reads the source, compares the target with it
 * import       key               key and token, new org   seals items anew for the target, which it prepares
 * identity     key               key and token            groups, members and policies of the target
 * attachment   key and token     key and token            moves files from one to the other
 * </pre>
 *
 * Every grant holds the migration's staging key. The orchestrator itself asks for none.
 *
 * @param accessToken whether it may act as the account on the server
 * @param newOrganization whether it is told the name and billing address of an organization to create
 */
record GrantRights(boolean accessToken, boolean newOrganization) {

    private static final GrantRights KEY = new GrantRights(false, false);
    private static final GrantRights KEY_AND_TOKEN = new GrantRights(true, false);
    private static final GrantRights KEY_TOKEN_AND_NEW_ORGANIZATION = new GrantRights(true, true);

    static GrantRights of(Participant participant, Side side) {
        return switch (participant) {
            case EXPORT, ATTACHMENT -> KEY_AND_TOKEN;
            case IMPORT ->
                switch (side) {
                    case SOURCE -> KEY;
                    case TARGET -> KEY_TOKEN_AND_NEW_ORGANIZATION;
                };
            case IDENTITY ->
                switch (side) {
                    case SOURCE -> KEY;
                    case TARGET -> KEY_AND_TOKEN;
                };
            case ORCHESTRATOR -> throw new IllegalArgumentException("the orchestrator needs no grant of its own");
        };
    }
}

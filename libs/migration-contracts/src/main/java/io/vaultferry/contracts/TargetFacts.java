package io.vaultferry.contracts;

import java.util.List;

/**
 * What a target can take and what it holds already.
 *
 * @param groupsSupported whether groups can be created
 * @param itemTypes item types that the server accepts
 * @param policyTypes policy types that the server accepts
 * @param freeSeats seats left; null when the server states no limit
 * @param freeCollections collections left; null when the server states no limit
 * @param storageLeft bytes of attachment storage left; null when the server states no limit
 * @param largestAttachment largest file in encrypted bytes that the server takes
 */
public record TargetFacts(
        boolean groupsSupported,
        List<Integer> itemTypes,
        List<Integer> policyTypes,
        Long freeSeats,
        Long freeCollections,
        Long storageLeft,
        long largestAttachment,
        long existingCollections,
        long existingGroups,
        long existingMembers,
        long existingItems,
        long existingPolicies) {}

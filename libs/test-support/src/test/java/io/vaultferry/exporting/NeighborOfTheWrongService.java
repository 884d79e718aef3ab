package io.vaultferry.exporting;

/** Lives in the package of a real service, for the rule that services do not know each other. */
public record NeighborOfTheWrongService() {}

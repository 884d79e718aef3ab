package io.vaultferry.bitwarden.client;

import java.util.Map;
import java.util.Optional;

/**
 * A policy that has been set at some time.
 *
 * @param type the wire's number ({@code PolicyType} of bitwarden/server)
 * @param data as stored; absent (null on the wire) is not the same as empty
 */
public record Policy(int type, boolean enabled, Optional<Map<String, Object>> data) {}

package io.vaultferry.bitwarden.client;

import java.util.Map;

/**
 * A policy that has been set at some time.
 *
 * @param type the wire's number ({@code PolicyType} of bitwarden/server)
 * @param data as stored; empty when there is none
 */
public record Policy(int type, boolean enabled, Map<String, Object> data) {}

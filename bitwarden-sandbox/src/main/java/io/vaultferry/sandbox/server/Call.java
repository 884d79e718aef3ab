package io.vaultferry.sandbox.server;

import io.vaultferry.sandbox.http.Request;
import java.util.Map;
import java.util.Optional;

/**
 * A request on its way through an endpoint.
 *
 * @param variables of the path
 * @param caller who is logged in; empty where that is not needed
 * @param bytes the body where it was read beforehand; empty when it is too long
 * @param halfway to be run between the two halves of work that is not done at once
 */
record Call(
        Request request,
        Map<String, String> variables,
        Optional<Account> caller,
        Optional<byte[]> bytes,
        Runnable halfway) {

    Account account() {
        return caller.orElseThrow(Refusal::unauthenticated);
    }

    String variable(String name) {
        return variables.get(name);
    }

    byte[] body() {
        return bytes.orElseThrow(Refusal::tooLarge);
    }

    Json json() {
        return Json.parse(body());
    }

    boolean isAsked(String parameter) {
        return request.parameter(parameter).filter("true"::equalsIgnoreCase).isPresent();
    }
}

package io.vaultferry.sandbox.server;

import io.vaultferry.sandbox.http.Response;
import io.vaultferry.sandbox.http.Router;
import java.io.IOException;

/** Collects routes. */
final class Endpoints {

    /** Does what an endpoint does. */
    @FunctionalInterface
    interface Action {
        Response on(Call call) throws IOException;
    }

    /** How much of the vault an endpoint holds while it works. */
    enum Locking {
        READ,
        WRITE,
        /** It takes the lock itself, piece by piece. */
        NONE
    }

    /**
     * One endpoint.
     *
     * @param needsLogin whether a valid access token is needed
     * @param readsBody whether the body is read, up to the limit for JSON, before the action runs
     */
    record Route(boolean needsLogin, boolean readsBody, Locking locking, Action action) {}

    private final Router<Route> router = new Router<>();

    Router<Route> router() {
        return router;
    }

    /** Reads; for somebody who is logged in. */
    void get(String path, Action action) {
        router.add("GET", path, new Route(true, false, Locking.READ, action));
    }

    /** Changes something; for somebody who is logged in. */
    void post(String path, Action action) {
        change("POST", path, action);
    }

    void put(String path, Action action) {
        change("PUT", path, action);
    }

    void delete(String path, Action action) {
        change("DELETE", path, action);
    }

    /** The same under both methods, as many endpoints are for old clients. */
    void putOrPost(String path, Action action) {
        put(path, action);
        post(path, action);
    }

    private void change(String method, String path, Action action) {
        router.add(method, path, new Route(true, true, Locking.WRITE, action));
    }

    /** Works longer, piece by piece. */
    void postInPieces(String path, Action action) {
        router.add("POST", path, new Route(true, true, Locking.NONE, action));
    }

    /** Reads the body itself. */
    void upload(String path, Action action) {
        router.add("POST", path, new Route(true, false, Locking.NONE, action));
    }

    /** For everybody. */
    void open(String method, String path, Action action) {
        router.add(method, path, new Route(false, true, method.equals("GET") ? Locking.READ : Locking.WRITE, action));
    }
}

package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.sandbox.http.Response;

/** What the server says of itself. */
final class ServerEndpoints {

    private final Vault vault;
    private final String baseUrl;
    private final boolean signupsAllowed;

    ServerEndpoints(Vault vault, String baseUrl, boolean signupsAllowed) {
        this.vault = vault;
        this.baseUrl = baseUrl;
        this.signupsAllowed = signupsAllowed;
    }

    void addTo(Endpoints endpoints) {
        endpoints.open("GET", "/alive", this::alive);
        endpoints.open("GET", "/api/alive", this::alive);
        endpoints.open("GET", "/api/now", this::alive);
        endpoints.open(
                "GET",
                "/api/version",
                call -> Response.text(200, "application/json", "\"" + Vaultwarden.SERVER_VERSION + "\""));
        endpoints.open("GET", "/api/config", this::config);
        // Events are accepted and forgotten.
        endpoints.post("/events/collect", call -> Response.empty(200));
        endpoints.get("/api/organizations/{organization}/events", call -> Json.ok(Json.list(Json.array())));
    }

    private Response alive(Call call) {
        return Response.text(200, "application/json", "\"" + Json.date(vault.now()) + "\"");
    }

    private Response config(Call call) {
        ObjectNode json = Json.object();
        json.put("version", Vaultwarden.API_VERSION);
        json.putNull("gitHash");
        json.putObject("server").put("name", Vaultwarden.SERVER_NAME).put("url", Vaultwarden.SERVER_URL);
        ObjectNode settings = json.putObject("settings");
        settings.put("disableUserRegistration", !signupsAllowed);
        settings.put("suppressOnboardingInterstitials", false);
        ObjectNode environment = json.putObject("environment");
        environment.put("vault", baseUrl);
        environment.put("api", baseUrl + "/api");
        environment.put("identity", baseUrl + "/identity");
        environment.put("notifications", baseUrl + "/notifications");
        environment.put("sso", "");
        environment.putNull("cloudRegion");
        json.putObject("push").put("pushTechnology", 0).putNull("vapidPublicKey");
        json.putObject("featureStates").put("pm-19148-innovation-archive", true);
        json.putNull("communication");
        json.put("object", "config");
        return Json.ok(json);
    }
}

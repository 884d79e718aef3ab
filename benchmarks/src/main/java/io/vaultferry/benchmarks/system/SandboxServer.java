package io.vaultferry.benchmarks.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vaultferry.benchmarks.ChildProgram;
import io.vaultferry.benchmarks.Workspace;
import io.vaultferry.sandbox.SandboxMain;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Bitwarden-compatible server in a process of its own, with the recorded accounts and nothing else in it. */
public final class SandboxServer implements AutoCloseable {

    /** Has an account on every one of them. */
    public static final String OWNER = "owner@acme.example.test";

    public static final String MASTER_PASSWORD = "correct horse battery staple 9";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FOR_EVER = 1_000_000_000;

    private final ChildProgram program;
    private final URI url;
    private final URI admin;
    private final Path tls;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private SandboxServer(ChildProgram program, Path tls) throws IOException {
        this.program = program;
        this.tls = tls;
        // Sandbox is ready: https://localhost:40123 admin http://127.0.0.1:40124
        String[] words = program.answer().split(" ", -1);
        this.url = URI.create(words[3]);
        this.admin = URI.create(words[5]);
    }

    /**
     * Starts one.
     *
     * @param tls where its certificate authority is kept; several may share one
     * @param options further options of {@link SandboxMain}
     */
    public static SandboxServer start(Workspace workspace, Path tls, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--seed",
                "accounts",
                "--data",
                workspace.directory("server").toString(),
                "--tls-dir",
                tls.toString(),
                "--exit-on-stdin-close"));
        arguments.addAll(List.of(options));
        return new SandboxServer(
                ChildProgram.start(workspace, SandboxMain.class, List.of("-Xmx1g", "-XX:+UseSerialGC"), arguments),
                tls);
    }

    public URI url() {
        return url;
    }

    public Path caFile() {
        return tls.resolve("ca.pem");
    }

    /** Holds every call back, from now on. */
    public void delayEveryCall(Duration delay) throws IOException, InterruptedException {
        send(
                "POST",
                "/faults",
                JSON.createObjectNode()
                        .put("endpoint", "*")
                        .put("times", FOR_EVER)
                        .put("mode", "delay")
                        .put("delayMillis", delay.toMillis()));
    }

    /** Holds back nothing any more. */
    public void clearDelay() throws IOException, InterruptedException {
        send("DELETE", "/faults", JSON.createObjectNode());
    }

    /** Allows so many calls a second from now on, 0 for any number, and counts from 0. */
    public void limitRate(int perSecond) throws IOException, InterruptedException {
        send("POST", "/rate-limit", JSON.createObjectNode().put("perSecond", perSecond));
    }

    /** What the limit allowed and refused since it was set. */
    public record Calls(long allowed, long refused) {

        Calls since(Calls earlier) {
            return new Calls(allowed - earlier.allowed, refused - earlier.refused);
        }

        long all() {
            return allowed + refused;
        }
    }

    public Calls calls() throws IOException, InterruptedException {
        JsonNode limit = send("GET", "/rate-limit", null);
        return new Calls(limit.get("allowed").longValue(), limit.get("refused").longValue());
    }

    /** The calls so far, in the order of their ends. */
    public JsonNode journal() throws IOException, InterruptedException {
        return send("GET", "/journal?after=0", null).get("entries");
    }

    private JsonNode send(String method, String path, JsonNode body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(admin.resolve(path))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(method + " " + path + " was answered " + response.statusCode());
        }
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        http.close();
        program.close();
    }
}

package io.vaultferry.sandbox.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.sandbox.JournalEntry;
import io.vaultferry.sandbox.SandboxConfig;
import io.vaultferry.sandbox.admin.FaultTable;
import io.vaultferry.sandbox.admin.Journal;
import io.vaultferry.sandbox.http.Request;
import io.vaultferry.sandbox.http.Response;
import io.vaultferry.sandbox.http.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Takes a request through faults, login and lock to its endpoint, and writes it down afterwards. */
public final class BitwardenServer {

    private static final String UNKNOWN = "unknown";
    private static final String RATE_LIMITED = "rate limited";

    private final SandboxConfig config;
    private final String basePath;
    private final Vault vault;
    private final AttachmentFiles files;
    private final TokenEndpoint tokenEndpoint;
    private final Router<Endpoints.Route> router;
    private final FaultTable faults = new FaultTable();
    private final Journal journal = new Journal();
    private final RateLimit rateLimit;

    /**
     * Starts with the snapshot, when there is one, and else with the seed.
     *
     * @param baseUrl what clients call the server, base path included
     */
    public BitwardenServer(SandboxConfig config, String baseUrl, Path attachments) {
        this.config = config;
        this.rateLimit = new RateLimit(config.rateLimit(), System::nanoTime);
        this.basePath = config.basePath();
        this.files = new AttachmentFiles(attachments);
        Vault.State state = config.snapshotFile()
                .filter(Files::exists)
                .map(Snapshots::read)
                .orElseGet(() ->
                        RecordedSeed.load(config.seed(), files, config.clock().instant()));
        this.vault = new Vault(config.clock(), state);
        Tokens tokens = new Tokens(state.signingKey, baseUrl);
        Rights rights = new Rights(vault, config.groupsEnabled());
        Passwords passwords = new Passwords();
        AttachmentLinks links = new AttachmentLinks(tokens, baseUrl, config.attachmentLinkLifetime(), config.clock());
        PolicyEndpoints policies = new PolicyEndpoints(vault, rights);
        MemberEndpoints members = new MemberEndpoints(vault, rights, policies, config.groupsEnabled());
        CollectionEndpoints collections = new CollectionEndpoints(vault, rights, config.groupsEnabled());
        ItemEndpoints items = new ItemEndpoints(vault, rights, policies, passwords, links, files);
        this.tokenEndpoint = new TokenEndpoint(vault, tokens, policies, config.accessTokenLifetime());

        Endpoints endpoints = new Endpoints();
        new ServerEndpoints(vault, baseUrl, config.signupsAllowed()).addTo(endpoints);
        tokenEndpoint.addTo(endpoints);
        new AccountEndpoints(
                        vault,
                        tokens,
                        passwords,
                        members,
                        collections,
                        items,
                        config.signupsAllowed(),
                        config.groupsEnabled())
                .addTo(endpoints);
        new OrganizationEndpoints(vault, rights, items, passwords, config.groupsEnabled()).addTo(endpoints);
        collections.addTo(endpoints);
        new GroupEndpoints(vault, rights, config.groupsEnabled()).addTo(endpoints);
        members.addTo(endpoints);
        policies.addTo(endpoints);
        items.addTo(endpoints);
        new AttachmentEndpoints(vault, rights, items, links, files, config.largestUpload(), config.downloadRate())
                .addTo(endpoints);
        this.router = endpoints.router();
    }

    public FaultTable faults() {
        return faults;
    }

    public Journal journal() {
        return journal;
    }

    public RateLimit rateLimit() {
        return rateLimit;
    }

    /** Ids and counts of what the server holds. */
    public JsonNode describe() {
        return vault.read(() -> RecordedSeed.describe(vault.state(), files));
    }

    /** Makes all tokens of an account worthless; false when there is no such account. */
    public boolean endSessions(String email) {
        return vault.write(() -> {
            Optional<Account> account = vault.accountByEmail(email);
            account.ifPresent(vault::endSessions);
            return account.isPresent();
        });
    }

    public void saveSnapshot(Path file) {
        vault.read(() -> {
            Snapshots.write(vault.state(), file);
            return file;
        });
    }

    // ---- one call

    /** What the journal wants to know of a call. */
    private static final class Trace {
        private final String endpoint;
        private volatile Optional<String> account = Optional.empty();
        private volatile Optional<String> fault = Optional.empty();
        private volatile boolean nothingDone;

        Trace(String endpoint) {
            this.endpoint = endpoint;
        }
    }

    /** Handles a call; any number of threads at once. */
    public Response handle(Request request) throws IOException {
        Optional<Router.Match<Endpoints.Route>> match =
                withoutBasePath(request.path()).flatMap(path -> router.find(request.method(), path));
        Trace trace = new Trace(
                match.map(found -> request.method() + " " + found.template()).orElse(UNKNOWN));
        request.setNote(trace);
        try {
            OptionalLong untilAllowed = rateLimit.admit();
            if (untilAllowed.isPresent()) {
                trace.fault = Optional.of(RATE_LIMITED);
                return tooMany(request, untilAllowed.getAsLong());
            }
            pause(config.latency());
            Optional<Fault.Mode> mode = faults.next(trace.endpoint);
            trace.fault = mode.map(Fault.Mode::toString);
            return mode.isPresent()
                    ? misbehave(mode.get(), request, match, trace)
                    : process(request, match, trace, () -> {});
        } finally {
            journal.answerBegins();
        }
    }

    /** Writes a call down when it is over. */
    public void answered(Request request, Response response, long bytesSent) {
        if (!(request.note() instanceof Trace trace)) {
            return;
        }
        int status = trace.nothingDone ? 0 : response.status();
        journal.add(number -> new JournalEntry(
                number,
                request.arrivedAt(),
                request.method(),
                request.path(),
                trace.endpoint,
                trace.account,
                status,
                request.microsecondsSinceArrival(),
                request.bytesRead(),
                bytesSent,
                trace.fault));
        if (config.requestLog()) {
            System.err.println("sandbox: " + trace.endpoint + " " + status);
        }
    }

    private Optional<String> withoutBasePath(String path) {
        if (basePath.isEmpty()) {
            return Optional.of(path);
        }
        return path.startsWith(basePath + "/") ? Optional.of(path.substring(basePath.length())) : Optional.empty();
    }

    private Response misbehave(
            Fault.Mode mode, Request request, Optional<Router.Match<Endpoints.Route>> match, Trace trace)
            throws IOException {
        return switch (mode) {
            case Fault.Refuse refuse -> {
                request.body().transferTo(java.io.OutputStream.nullOutputStream());
                Response response = onPurpose(refuse.status());
                yield refuse.retryAfter().isZero()
                        ? response
                        : response.with(
                                "Retry-After", Long.toString(refuse.retryAfter().toSeconds()));
            }
            case Fault.AnswerAfterEffect answer -> {
                consume(process(request, match, trace, () -> {}));
                yield onPurpose(answer.status());
            }
            case Fault.DropBeforeEffect drop -> {
                trace.nothingDone = true;
                request.body().transferTo(java.io.OutputStream.nullOutputStream());
                yield Response.empty(200).cutAfter(-1);
            }
            case Fault.DropWhileReading drop -> {
                trace.nothingDone = true;
                request.body().skipNBytes(Math.min(drop.afterBytes(), request.contentLength()));
                yield Response.empty(200).cutAfter(-1);
            }
            case Fault.DropAfterEffect drop -> {
                Response response = process(request, match, trace, () -> {});
                consume(response);
                yield response.cutAfter(-1);
            }
            case Fault.Delay delay -> {
                pause(delay.duration());
                yield process(request, match, trace, () -> {});
            }
            case Fault.DelayHalfway delay -> process(request, match, trace, () -> pause(delay.duration()));
            case Fault.DelayAfterEffect delay -> {
                Response response = process(request, match, trace, () -> {});
                pause(delay.duration());
                yield response;
            }
            case Fault.Truncate truncate ->
                process(request, match, trace, () -> {}).cutAfter(truncate.afterBytes());
            case Fault.Flip flip -> flipped(process(request, match, trace, () -> {}), flip.offset());
        };
    }

    private static Response tooMany(Request request, long seconds) throws IOException {
        request.body().transferTo(java.io.OutputStream.nullOutputStream());
        return Response.text(
                        429, "application/json", "{\"message\":\"Slow down! Too many requests.\",\"object\":\"error\"}")
                .with("Retry-After", Long.toString(seconds));
    }

    private static Response onPurpose(int status) {
        return Response.text(
                status, "application/json", "{\"message\":\"Answered so on purpose.\",\"object\":\"error\"}");
    }

    /** Lets go of what an answer holds that is never sent. */
    private static void consume(Response response) throws IOException {
        response.body().writeTo(java.io.OutputStream.nullOutputStream());
    }

    private static Response flipped(Response response, long offset) {
        return response.with((Response.Body) out -> {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            response.body().writeTo(whole);
            byte[] bytes = whole.toByteArray();
            int at = Math.toIntExact(offset < 0 ? bytes.length + offset : offset);
            if (at >= 0 && at < bytes.length) {
                bytes[at] ^= 1;
            }
            out.write(bytes);
        });
    }

    private Response process(
            Request request, Optional<Router.Match<Endpoints.Route>> match, Trace trace, Runnable halfway)
            throws IOException {
        try {
            if (match.isEmpty()) {
                throw Refusal.noSuchEndpoint();
            }
            Endpoints.Route route = match.get().route();
            Optional<Account> caller = request.header("authorization")
                    .flatMap(authorization -> vault.read(() -> tokenEndpoint.accountOf(authorization)));
            trace.account = caller.map(account -> account.email);
            if (route.needsLogin() && caller.isEmpty()) {
                throw Refusal.unauthenticated();
            }
            Optional<byte[]> body =
                    route.readsBody() ? request.bodyUpTo(config.largestJsonBody()) : Optional.of(new byte[0]);
            return act(route, new Call(request, match.get().variables(), caller, body, halfway));
        } catch (Refusal refusal) {
            boolean jsonWanted = request.header("accept")
                    .filter(accept -> accept.contains("json"))
                    .isPresent();
            return Vaultwarden.answer(refusal, jsonWanted);
        }
    }

    private Response act(Endpoints.Route route, Call call) throws IOException {
        return switch (route.locking()) {
            case NONE -> route.action().on(call);
            case READ -> vault.read(() -> unchecked(route.action(), call));
            case WRITE -> vault.write(() -> unchecked(route.action(), call));
        };
    }

    private static Response unchecked(Endpoints.Action action, Call call) {
        try {
            return action.on(call);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause(Duration duration) {
        if (duration.isZero()) {
            return;
        }
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.vaultferry.bitwarden.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Turns requests into answers or into the exceptions of this library.
 *
 * <p>The one place that repeats requests, and only those without any effect: up to {@value #MOST_TRIES} times in all,
 * when no connection stood or it broke, and when the server asked for a short delay (429, or 503 with
 * {@code Retry-After}). Longer delays, timeouts and everything else are left to the caller. Redirects are followed for
 * such requests too, within the same origin. Every request waits for its turn, when there is a {@link Pace}; the delays that
 * a server asks for are then the pace's to wait for.
 */
final class ApiCaller {
    private static final int MOST_TRIES = 3;
    private static final int MOST_REDIRECTS = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration DELAY_WHEN_NONE_IS_NAMED = Duration.ofSeconds(15);
    private static final int LARGEST_REFUSAL = 64 * 1024;
    private static final long LARGEST_ANSWER = 256L * 1024 * 1024;
    private static final long LARGEST_LISTING = 2L * 1024 * 1024 * 1024;
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(30);

    /** "Ciphers[3].Notes" and the like. */
    private static final Pattern MEMBER_NAME = Pattern.compile("[A-Za-z0-9_.\\[\\]]{1,100}");

    /** Vaultwarden has no 404 for single objects. */
    private static final Pattern VAULTWARDENS_NOT_FOUND =
            Pattern.compile("(Cipher|Attachment|Collection|Group|Organization|User) (doesn't|does not) exist.*");

    /**
     * Its 400 for what its database could not do just now, a locked one for instance: no verdict on what was sent. "Error adding"
     * is not among them: that is how it answers links of an item that it did not take.
     */
    private static final Pattern VAULTWARDENS_DATABASE_FAILURE =
            Pattern.compile("Error (saving|updating|deleting|removing) .*");

    private final HttpTransport transport;
    private final Clock clock;
    private final Pace pace;
    private final Function<JsonObject, BitwardenException> loginRefusal;

    ApiCaller(HttpTransport transport, Clock clock) {
        this(transport, clock, Pace.NONE, null);
    }

    private ApiCaller(
            HttpTransport transport,
            Clock clock,
            Pace pace,
            Function<JsonObject, BitwardenException> loginRefusalOrNull) {
        this.transport = transport;
        this.clock = clock;
        this.pace = pace;
        this.loginRefusal = loginRefusalOrNull;
    }

    /** The same, with requests that wait for their turn. */
    ApiCaller withPace(Pace other) {
        return new ApiCaller(transport, clock, other, loginRefusal);
    }

    /** Waits for the turn of the next request to this address now. */
    void prepare(String attempt, URI uri) {
        try {
            pace.prepare(Origin.of(uri).toString());
        } catch (InterruptedException e) {
            throw interrupted(attempt);
        }
    }

    <T> T call(Call call, Decoder<T> decoder) {
        return call(call, LARGEST_ANSWER, decoder);
    }

    /** For answers that are read piece by piece and may be larger than what fits into memory. */
    <T> T callForListing(Call call, Decoder<T> decoder) {
        return call(call, LARGEST_LISTING, decoder);
    }

    /**
     * For the token endpoint, whose 400 and 401 mean something else than anywhere.
     *
     * @param refusal from the body of such an answer
     */
    <T> T callForToken(Call call, Decoder<T> decoder, Function<JsonObject, BitwardenException> refusal) {
        return new ApiCaller(transport, clock, pace, refusal).call(call, decoder);
    }

    private <T> T call(Call call, long mostBytes, Decoder<T> decoder) {
        try (HttpAnswer answer = open(call)) {
            try {
                return decoder.decode(new BoundedInputStream(answer.body(), mostBytes, LONGEST_ANSWER));
            } catch (IOException e) {
                // Messages of our own streams only: parsers' exceptions do not get here.
                throw noOutcome(call, String.valueOf(e.getMessage()));
            } catch (ProtocolViolationException e) {
                if (call.effect() == Call.Effect.LASTING) {
                    throw new UnknownOutcomeException(call.attempt(), "the answer cannot be understood");
                }
                throw answer.isWebPage()
                        ? new ProtocolViolationException(
                                "The answer is a web page: this is not the address of a Bitwarden-compatible server.")
                        : e;
            }
        }
    }

    /** A successful answer, to be closed by the caller. */
    HttpAnswer open(Call call) {
        Call current = call;
        int redirects = 0;
        Duration pause = FIRST_PAUSE;
        for (int tries = 1; ; tries++) {
            boolean mayRepeat = call.effect() == Call.Effect.NONE && tries < MOST_TRIES;
            Pace.Turn turn = turn(current);
            HttpAnswer answer;
            try {
                answer = transport.send(current);
            } catch (TransportFailure e) {
                if (mayRepeat && e.kind().isFleeting()) {
                    pause(call, pause);
                    pause = pause.multipliedBy(4);
                    continue;
                }
                throw e.maybeSent()
                        ? noOutcome(call, e.reason())
                        : new UnavailableException(call.attempt(), e.reason());
            }
            if (answer.isSuccess()) {
                return answer;
            }
            try (answer) {
                Optional<Duration> delay = RetryAfter.of(answer, clock);
                if (answer.isRedirect() && call.effect() == Call.Effect.NONE && redirects < MOST_REDIRECTS) {
                    Optional<URI> target = targetOfSameOrigin(current.uri(), answer);
                    if (target.isPresent()) {
                        redirects++;
                        tries--;
                        current = current.withUri(target.get());
                        continue;
                    }
                }
                boolean askedToWait = answer.status() == 429 || (answer.status() == 503 && delay.isPresent());
                boolean waits = askedToWait && turn.refused(delay);
                if (mayRepeat && waits) {
                    continue;
                }
                if (mayRepeat && askedToWait && delay.orElse(pause).compareTo(LONGEST_PAUSE) <= 0) {
                    pause(call, delay.orElse(pause));
                    continue;
                }
                throw refusal(call, answer, delay);
            }
        }
    }

    private Pace.Turn turn(Call call) {
        try {
            return pace.await(Origin.of(call.uri()).toString());
        } catch (InterruptedException e) {
            throw interrupted(call.attempt());
        }
    }

    private static void pause(Call call, Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw interrupted(call.attempt());
        }
    }

    private static UnavailableException interrupted(String attempt) {
        Thread.currentThread().interrupt();
        return new UnavailableException(attempt, "interrupted");
    }

    private static Optional<URI> targetOfSameOrigin(URI from, HttpAnswer answer) {
        return answer.header("location").flatMap(location -> {
            try {
                URI target = from.resolve(location);
                return Origin.of(target).equals(Origin.of(from)) ? Optional.of(target) : Optional.empty();
            } catch (IllegalArgumentException | ForbiddenTargetException e) {
                return Optional.empty();
            }
        });
    }

    /** What it means that there is no usable answer although the request may have arrived. */
    private static BitwardenException noOutcome(Call call, String reason) {
        return switch (call.effect()) {
            case NONE, FLEETING -> new UnavailableException(call.attempt(), reason);
            case LASTING -> new UnknownOutcomeException(call.attempt(), reason);
        };
    }

    private BitwardenException refusal(Call call, HttpAnswer answer, Optional<Duration> delay) {
        int status = answer.status();
        if (loginRefusal != null && (status == 400 || status == 401)) {
            return loginRefusal.apply(body(answer).orElseGet(() -> new JsonObject(Map.of())));
        }
        if (status == 429) {
            return new RateLimitedException(call.attempt(), delay.orElse(DELAY_WHEN_NONE_IS_NAMED));
        }
        if (status == 503 && delay.isPresent()) {
            return new UnavailableException(call.attempt(), "the server is busy", delay.get());
        }
        if (status >= 500 || status == 408) {
            return noOutcome(call, "the server answered " + status);
        }
        if (status == 403 && answer.isWebPage()) {
            return new RefusedException(
                    call.attempt(), status, "the answer is a web page; a gateway may block this client", List.of());
        }
        if (status == 401 || status == 403) {
            return new UnauthorizedException(call.attempt(), status);
        }
        if (status == 404 || status == 405 || status == 410) {
            return new NotFoundException(call.attempt());
        }
        if (status >= 400) {
            return refusalWithMessage(call, status, body(answer));
        }
        if (answer.isRedirect()) {
            return new RefusedException(
                    call.attempt(), status, "it redirects elsewhere; use the address that it redirects to", List.of());
        }
        return noOutcome(call, "the server answered " + status);
    }

    /** The body of a refusal, empty when it cannot be read. */
    private static Optional<JsonObject> body(HttpAnswer answer) {
        try (InputStream in = new BoundedInputStream(answer.body(), LARGEST_REFUSAL, Duration.ofSeconds(30))) {
            return Optional.of(JsonObject.of(JsonTree.read(in), "refusal"));
        } catch (IOException | ProtocolViolationException e) {
            return Optional.empty();
        }
    }

    private static BitwardenException refusalWithMessage(Call call, int status, Optional<JsonObject> body) {
        String message = body.map(ApiCaller::message).orElse("");
        if (status == 400 && VAULTWARDENS_NOT_FOUND.matcher(message).matches()) {
            return new NotFoundException(call.attempt());
        }
        if (status == 400 && VAULTWARDENS_DATABASE_FAILURE.matcher(message).matches()) {
            return noOutcome(call, "the server's database failed");
        }
        List<String> invalid = new ArrayList<>();
        StringBuilder text = new StringBuilder(ServerText.clean(message));
        body.map(json -> looseMap(json, "validationErrors"))
                .ifPresent(errors -> errors.tree().forEach((member, sentences) -> {
                    if (MEMBER_NAME.matcher(member).matches()) {
                        invalid.add(member);
                        if (invalid.size() == 1 && sentences instanceof List<?> list && !list.isEmpty()) {
                            text.append(' ').append(ServerText.clean(String.valueOf(list.getFirst())));
                        }
                    }
                }));
        return new RefusedException(call.attempt(), status, text.toString().strip(), invalid);
    }

    /** The sentence of a refusal in any of the shapes that servers have for it. */
    static String message(JsonObject body) {
        return looseMap(body, "errorModel").tree().isEmpty()
                ? firstOf(
                        looseText(body, "message"),
                        looseText(body, "error_description"),
                        looseText(looseMap(body, "error"), "reason"),
                        looseText(body, "error"))
                : firstOf(looseText(looseMap(body, "errorModel"), "message"), looseText(body, "message"));
    }

    private static String firstOf(String... texts) {
        for (String text : texts) {
            if (!text.isBlank()) {
                return text;
            }
        }
        return "";
    }

    /** The text of a member, empty when it is anything else: the shapes of refusals are not worth an exception. */
    static String looseText(JsonObject json, String member) {
        try {
            return json.optionalText(member).orElse("");
        } catch (ProtocolViolationException e) {
            return "";
        }
    }

    private static JsonObject looseMap(JsonObject json, String member) {
        try {
            return json.object(member).orElseGet(() -> new JsonObject(Map.of()));
        } catch (ProtocolViolationException e) {
            return new JsonObject(Map.of());
        }
    }
}

package io.vaultferry.bitwarden.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaultferry.bitwarden.client.FakeServer.Reply;
import io.vaultferry.bitwarden.crypto.EncString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller may do after each way in which a request can fail. */
@Timeout(60)
class OutcomesTest {
    private static final OrganizationId ORGANIZATION = new OrganizationId("org");
    private static final EncString NAME = EncString.parse(
            "2.l4EXxBwpVnGVgmUV66CMWA==|6dRX80M6aBVApFMe1MUOeg==|bDFgPI19Z0oHZwSrCDicfVSYpQthQbrY2qTBmpmgjdE=");
    private static final ClientSettings SETTINGS = ClientSettings.defaults().withInsecureServers(true);
    private static final ClientSettings IMPATIENT = SETTINGS.withTimeouts(
            Duration.ofSeconds(5), Duration.ofMillis(1500), Duration.ofMillis(1500), Duration.ofMillis(1000));

    private static BitwardenSession session(BitwardenServer client) {
        return client.session(
                AccessTokens.fixed(AccessToken.of("token", Instant.now().plusSeconds(3600))));
    }

    private static Throwable write(String url) {
        return write(url, SETTINGS);
    }

    private static Throwable write(String url, ClientSettings settings) {
        try (BitwardenServer client = BitwardenServer.at(ServerAddress.of(url), settings)) {
            return catchThrowable(() -> createCollection(session(client)));
        }
    }

    private static void createCollection(BitwardenSession session) {
        session.createCollection(ORGANIZATION, NAME, Optional.empty(), List.of(), List.of());
    }

    private static Throwable read(String url) {
        try (BitwardenServer client = BitwardenServer.at(ServerAddress.of(url), SETTINGS)) {
            return catchThrowable(() -> session(client).profile());
        }
    }

    private static String closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }

    @Nested
    class OfAWrite {
        @Test
        void refusedConnectionIsSafeToRepeat() throws IOException {
            // When
            Throwable outcome = write(closedPort());

            // Then
            assertThat(outcome).isInstanceOf(UnavailableException.class).hasMessageContaining("127.0.0.1");
        }

        @Test
        void unknownHostIsSafeToRepeat() {
            // When
            Throwable outcome = write("https://nobody-has-this-name.invalid");

            // Then
            assertThat(outcome).isInstanceOf(UnavailableException.class).hasMessageContaining("nobody knows");
        }

        @Test
        void failedHandshakeIsSafeToRepeat() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> connection.write("this is no TLS at all"))) {
                // When
                Throwable outcome = write(server.url().replace("http:", "https:"));

                // Then
                assertThat(outcome).isInstanceOf(UnavailableException.class);
            }
        }

        @Test
        void connectionThatEndsBeforeTheRequestIsReadIsUnknown() {
            // Given
            try (ScriptedServer server =
                    new ScriptedServer(connection -> connection.in().read())) {
                // When
                Throwable outcome = write(server.url());

                // Then
                assertThat(outcome).isInstanceOf(UnknownOutcomeException.class);
                assertThat(server.connections()).isEqualTo(1);
            }
        }

        @Test
        void connectionThatEndsAfterTheRequestIsReadIsUnknownAndNotRepeated() {
            // Given
            try (ScriptedServer server = new ScriptedServer(ScriptedServer.Connection::readRequest)) {
                // When
                Throwable outcome = write(server.url());

                // Then
                assertThat(outcome).isInstanceOf(UnknownOutcomeException.class);
                assertThat(server.requests()).containsExactly("POST /api/organizations/org/collections");
            }
        }

        @Test
        void keptConnectionThatTheServerDropsNeverSendsTwice() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readRequest();
                        connection.answer(200, "{\"id\":\"first\"}");
                        connection.readRequest();
                    });
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                BitwardenSession session = session(client);
                createCollection(session);

                // When
                Throwable outcome = catchThrowable(() -> createCollection(session));

                // Then
                assertThat(outcome).isInstanceOf(UnknownOutcomeException.class);
                assertThat(server.connections()).isEqualTo(1);
                assertThat(server.requests()).hasSize(2);
            }
        }

        @Test
        void writeWithoutABodyIsNotRepeatedEither() {
            // Given
            try (ScriptedServer server = new ScriptedServer(ScriptedServer.Connection::readRequest);
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                // When
                Throwable outcome =
                        catchThrowable(() -> session(client).deleteGroup(ORGANIZATION, new GroupId("group")));

                // Then
                assertThat(outcome).isInstanceOf(UnknownOutcomeException.class);
                assertThat(server.requests()).containsExactly("DELETE /api/organizations/org/groups/group");
            }
        }

        @Test
        void silenceIsUnknown() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                connection.readRequest();
                connection.holdForever();
            })) {
                // When
                Throwable outcome = write(server.url(), IMPATIENT);

                // Then
                assertThat(outcome).isInstanceOf(UnknownOutcomeException.class).hasMessageContaining("did not answer");
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Content-Length: 200\r\n\r\n{\"id\":\"1\"",
                    "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n",
                    "Content-Length: 5\r\n\r\n{\"id\"",
                    "Content-Length: 9\r\n\r\nno JSON..",
                    "Content-Length: 2\r\n\r\n{}"
                })
        void successWhoseBodyIsBrokenIsUnknown(String rest) {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                connection.readRequest();
                connection.write("HTTP/1.1 200 OK\r\n" + rest);
            })) {
                // When
                Throwable outcome = write(server.url());

                // Then
                assertThat(outcome).isInstanceOf(UnknownOutcomeException.class);
            }
        }

        @Test
        void successWhoseBodyStallsIsUnknown() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                connection.readRequest();
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{\"id\":");
                connection.holdForever();
            })) {
                // When
                Throwable outcome = write(server.url(), IMPATIENT);

                // Then
                assertThat(outcome)
                        .isInstanceOf(UnknownOutcomeException.class)
                        .hasMessageContaining("nothing more arrived");
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {408, 500, 502, 503, 504, 520})
        void serverErrorIsUnknownAndNotRepeated(int status) {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(status, "{}"))) {
                // When
                Throwable outcome = write(server.url());

                // Then
                assertThat(outcome).isInstanceOf(UnknownOutcomeException.class);
                assertThat(server.seen()).hasSize(1);
            }
        }

        @Test
        void failureOfVaultwardensDatabaseIsUnknownThoughItIsAnsweredAsARefusal() {
            // Given
            String answer = "{\"message\":\"Error saving collection\",\"validationErrors\":"
                    + "{\"\":[\"Error saving collection\"]},\"object\":\"error\"}";
            try (FakeServer server = new FakeServer(request -> Reply.json(400, answer))) {
                // When
                Throwable outcome = write(server.url());

                // Then
                assertThat(outcome).isInstanceOf(UnknownOutcomeException.class);
                assertThat(server.seen()).hasSize(1);
            }
        }

        @Test
        void busyServerThatNamesADelayIsSafeToRepeat() {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(503, "{}", "Retry-After", "7"))) {
                // When
                Throwable outcome = write(server.url());

                // Then
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                UnavailableException.class,
                                e -> assertThat(e.retryAfter()).hasValue(Duration.ofSeconds(7)));
                assertThat(server.seen()).hasSize(1);
            }
        }

        @Test
        void rateLimitIsLeftToTheCaller() {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(429, "{}", "Retry-After", "1"))) {
                // When
                Throwable outcome = write(server.url());

                // Then
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                RateLimitedException.class,
                                e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(1)));
                assertThat(server.seen()).hasSize(1);
            }
        }

        @Test
        void redirectIsNotFollowed() {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(307, "", "Location", "/elsewhere"))) {
                // When
                Throwable outcome = write(server.url());

                // Then
                assertThat(outcome).isInstanceOf(RefusedException.class).hasMessageContaining("redirects");
                assertThat(server.seen()).hasSize(1);
            }
        }
    }

    @Nested
    class OfARead {
        @Test
        void brokenConnectionIsTriedAgain() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                connection.readRequest();
                if (connection.number() > 2) {
                    connection.answer(200, "{\"id\":\"me\",\"email\":\"a@b\"}");
                }
            })) {
                // When
                Throwable outcome = read(server.url());

                // Then
                assertThat(outcome).isNull();
            }
        }

        @Test
        void triesAreBounded() {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(503, "{}", "Retry-After", "0"))) {
                // When
                Throwable outcome = read(server.url());

                // Then
                assertThat(outcome).isInstanceOf(UnavailableException.class);
                assertThat(server.seen()).hasSize(3);
            }
        }

        @Test
        void shortDelayIsWaitedFor() {
            // Given
            AtomicInteger calls = new AtomicInteger();
            try (FakeServer server = new FakeServer(request -> calls.incrementAndGet() == 1
                    ? Reply.json(429, "{}", "Retry-After", "1")
                    : Reply.json(200, "{\"id\":\"me\",\"email\":\"a@b\"}"))) {
                long start = System.nanoTime();

                // When
                Throwable outcome = read(server.url());

                // Then
                assertThat(outcome).isNull();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            }
        }

        @Test
        void longDelayIsLeftToTheCaller() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                connection.readRequest();
                connection.write("HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\n"
                        + "Date: Mon, 23 Nov 2026 22:00:00 GMT\r\nRetry-After: Mon, 23 Nov 2026 22:05:00 GMT\r\n\r\n");
            })) {
                // When
                RateLimitedException outcome = (RateLimitedException) read(server.url());

                // Then
                assertThat(server.requests()).hasSize(1);
                assertThat(outcome.retryAfter()).isEqualTo(Duration.ofMinutes(5));
            }
        }

        @Test
        void truncatedAnswerIsUnavailable() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                connection.readRequest();
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{\"id\":");
            })) {
                // When
                Throwable outcome = read(server.url());

                // Then
                assertThat(outcome).isInstanceOf(UnavailableException.class);
            }
        }

        @Test
        void serverErrorIsUnavailable() {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(500, "{}"))) {
                // When
                Throwable outcome = read(server.url());

                // Then
                assertThat(outcome).isInstanceOf(UnavailableException.class);
            }
        }

        @Test
        void webPageIsNoBitwardenServer() {
            // Given
            try (FakeServer server = new FakeServer(
                    request -> Reply.json(200, "<html>Welcome</html>", "Content-Type", "text/html; charset=utf-8"))) {
                // When
                Throwable outcome = read(server.url());

                // Then
                assertThat(outcome)
                        .isInstanceOf(ProtocolViolationException.class)
                        .hasMessageContaining("web page");
            }
        }

        @Test
        void answerThatIsNotUnderstoodDoesNotLeak() {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(200, "{\"id\":{\"canary\":\"c4n4ry\"}}"))) {
                // When
                Throwable outcome = read(server.url());

                // Then
                assertThat(outcome)
                        .isInstanceOf(ProtocolViolationException.class)
                        .hasNoCause();
                assertThat(outcome.getMessage()).contains("'id'").doesNotContain("canary", "c4n4ry");
            }
        }

        @Test
        void redirectWithinTheOriginIsFollowed() {
            // Given
            try (FakeServer server = new FakeServer(request -> request.path().startsWith("/api/")
                    ? Reply.json(302, "", "Location", "/moved")
                    : Reply.json(200, "{\"id\":\"me\",\"email\":\"a@b\"}"))) {
                // When
                Throwable outcome = read(server.url());

                // Then
                assertThat(outcome).isNull();
            }
        }

        @Test
        void redirectsInACircleEnd() {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(302, "", "Location", request.path()))) {
                // When
                Throwable outcome = read(server.url());

                // Then
                assertThat(outcome).isInstanceOf(RefusedException.class);
                assertThat(server.seen()).hasSize(4);
            }
        }
    }

    @Nested
    class OfTokens {
        private final List<String> shown = new CopyOnWriteArrayList<>();
        private final AtomicInteger renewals = new AtomicInteger();

        private final AccessTokens renewing = new AccessTokens() {
            private volatile AccessToken token =
                    AccessToken.of("old", Instant.now().plusSeconds(600));

            @Override
            public AccessToken current() {
                return token;
            }

            @Override
            public AccessToken renew(AccessToken rejected) {
                renewals.incrementAndGet();
                token = AccessToken.of("new", Instant.now().plusSeconds(600));
                return token;
            }
        };

        private FakeServer serverThatTakes(String token) {
            return new FakeServer(request -> {
                shown.add(request.header("Authorization"));
                return request.header("Authorization").equals("Bearer " + token)
                        ? Reply.json(200, "{\"id\":\"1\",\"email\":\"a@b\"}")
                        : Reply.json(401, "{}");
            });
        }

        @Test
        void rejectedTokenIsRenewedOnce() {
            // Given
            try (FakeServer server = serverThatTakes("new");
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                // When
                createCollection(client.session(renewing));

                // Then
                assertThat(shown).containsExactly("Bearer old", "Bearer new");
                assertThat(renewals).hasValue(1);
            }
        }

        @Test
        void secondRejectionMeansThatTheAccountMayNot() {
            // Given
            try (FakeServer server = serverThatTakes("neither");
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                // When
                Throwable thrown = catchThrowable(() -> createCollection(client.session(renewing)));

                // Then
                assertThat(thrown).isInstanceOf(UnauthorizedException.class);
                assertThat(shown).containsExactly("Bearer old", "Bearer new");
            }
        }

        @Test
        void tokenIsRenewedBeforeItExpires() {
            // Given
            AccessTokens expiring = new AccessTokens() {
                @Override
                public AccessToken current() {
                    return AccessToken.of("old", Instant.now().plusSeconds(5));
                }

                @Override
                public AccessToken renew(AccessToken rejected) {
                    return AccessToken.of("new", Instant.now().plusSeconds(600));
                }
            };
            try (FakeServer server = serverThatTakes("new");
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                // When
                client.session(expiring).profile();

                // Then
                assertThat(shown).containsExactly("Bearer new");
            }
        }

        @Test
        void missingRightsDoNotRenewTheToken() {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(403, ""));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                // When
                UnauthorizedException thrown = catchThrowableOfType(
                        UnauthorizedException.class,
                        () -> client.session(renewing).profile());

                // Then
                assertThat(thrown.status()).isEqualTo(403);
                assertThat(renewals).hasValue(0);
            }
        }

        @Test
        void uploadWithARejectedTokenIsToBeSentAgain() {
            // Given
            try (FakeServer server = serverThatTakes("new");
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                BitwardenSession session = client.session(renewing);

                // When
                Throwable thrown = catchThrowable(() -> upload(session, new ByteArrayInputStream(new byte[9]), 9));

                // Then
                assertThat(thrown).isInstanceOf(UnavailableException.class);
                upload(session, new ByteArrayInputStream(new byte[9]), 9);
            }
        }
    }

    private static void upload(BitwardenSession session, InputStream content, long length) {
        session.uploadAttachment(
                new AttachmentSlot(new ItemId("item"), new AttachmentId("file"), UploadKind.DIRECT, ""),
                NAME,
                content,
                length);
    }

    @Nested
    class OfFiles {
        @Test
        void uploadWhoseContentFailsIsBrokenOffBeforeItsEnd() throws Exception {
            // Given
            CompletableFuture<String> received = new CompletableFuture<>();
            InputStream failing = new SequenceInputStream(
                    new ByteArrayInputStream("x".repeat(300_000).getBytes(StandardCharsets.ISO_8859_1)),
                    new InputStream() {
                        @Override
                        public int read() {
                            throw new IllegalStateException("the MAC does not fit");
                        }

                        @Override
                        public int read(byte[] target, int offset, int length) {
                            return read();
                        }
                    });
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readHead();
                        received.complete(new String(connection.in().readAllBytes(), StandardCharsets.ISO_8859_1));
                    });
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                // When
                Throwable thrown = catchThrowable(() -> upload(session(client), failing, 400_000));

                // Then
                assertThat(thrown).isInstanceOf(IllegalStateException.class).hasMessage("the MAC does not fit");
                assertThat(received.get(10, TimeUnit.SECONDS))
                        .contains("filename=")
                        .hasSizeLessThan(300_500)
                        .doesNotEndWith("--\r\n");
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 9, 70_000, 130_999, 131_001, 200_000})
        void uploadWhoseContentHasAnotherLengthIsBrokenOff(int actual) {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(200, ""));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                // When
                Throwable thrown = catchThrowable(
                        () -> upload(session(client), new ByteArrayInputStream(new byte[actual]), 131_000));

                // Then
                assertThat(thrown).isInstanceOf(UncheckedIOException.class);
                assertThat(server.seen()).isEmpty();
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 1_000_000})
        void uploadArrivesByteForByte(int size) {
            // Given
            byte[] content = new byte[size];
            new Random(size).nextBytes(content);
            try (FakeServer server = new FakeServer(request -> Reply.json(200, ""));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                // When
                upload(session(client), new ByteArrayInputStream(content), size);

                // Then
                byte[] body = server.seen().getFirst().body();
                String head = new String(body, 0, 300 > body.length ? body.length : 300, StandardCharsets.ISO_8859_1);
                int start = head.indexOf("\r\n\r\n") + 4;
                assertThat(Arrays.copyOfRange(body, start, start + size)).isEqualTo(content);
                assertThat(server.seen().getFirst().header("Content-Length")).isEqualTo(String.valueOf(body.length));
            }
        }

        @Test
        void slowUploadIsNotCutWhileItMakesProgress() {
            // Given
            InputStream slow = new InputStream() {
                private int left = 20 * 65_536;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0];
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    if (left == 0) {
                        return -1;
                    }
                    LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                    int count = Math.min(Math.min(length, 65_536), left);
                    left -= count;
                    return count;
                }
            };
            try (FakeServer server = new FakeServer(request -> Reply.json(200, ""));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), IMPATIENT)) {
                // When
                Throwable thrown = catchThrowable(() -> upload(session(client), slow, 20L * 65_536));

                // Then
                assertThat(thrown).isNull();
            }
        }

        @Test
        void stallingDownloadEnds() throws IOException {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readRequest();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbeginning");
                        connection.holdForever();
                    });
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), IMPATIENT);
                    Download download = session(client).download(link(server.url() + "/file"))) {
                assertThat(download.body().readNBytes(9)).hasSize(9);

                // When
                Throwable thrown = catchThrowable(() -> download.body().read());

                // Then
                assertThat(thrown).isInstanceOf(IOException.class).hasMessageContaining("nothing more arrived");
            }
        }

        @Test
        void downloadThatEndsEarlyFails() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readRequest();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbeginning");
                    });
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS);
                    Download download = session(client).download(link(server.url() + "/file"))) {
                // When
                Throwable thrown = catchThrowable(() -> download.body().readAllBytes());

                // Then
                assertThat(thrown).isInstanceOf(IOException.class);
            }
        }

        @Test
        void senderWaitsWhileNobodyReads() throws IOException {
            // Given
            AtomicLong sent = new AtomicLong();
            String block = "x".repeat(64 * 1024);
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readRequest();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + 2000L * block.length() + "\r\n\r\n");
                        for (int i = 0; i < 2000; i++) {
                            connection.write(block);
                            sent.addAndGet(block.length());
                        }
                    });
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS);
                    Download download = session(client).download(link(server.url() + "/file"))) {
                // When
                assertThat(download.body().read()).isEqualTo('x');

                // Then
                Awaitility.await()
                        .during(Duration.ofMillis(300))
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> sent.get() < 40_000_000);
                assertThat(download.body().readAllBytes()).hasSize(2000 * block.length() - 1);
            }
        }

        private AttachmentLink link(String url) {
            return new AttachmentLink(new ItemId("item"), new AttachmentId("file"), URI.create(url));
        }
    }

    @Nested
    class OfManyItems {
        @Test
        void trashFallsBackToOneByOne() {
            // Given
            try (FakeServer server = new FakeServer(
                            request -> Reply.json(request.path().endsWith("delete-admin") ? 404 : 200, ""));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                // When
                session(client).trashItems(ORGANIZATION, List.of(new ItemId("a"), new ItemId("b")));

                // Then
                assertThat(server.seen())
                        .extracting(seen -> seen.method() + " " + seen.path())
                        .containsExactly(
                                "PUT /api/ciphers/delete-admin",
                                "PUT /api/ciphers/a/delete",
                                "PUT /api/ciphers/b/delete");
            }
        }

        @Test
        void idsGoInBatches() {
            // Given
            List<ItemId> items = IntStream.range(0, 1001)
                    .mapToObj(i -> new ItemId("item-" + i))
                    .toList();
            try (FakeServer server = new FakeServer(request -> Reply.json(200, ""));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                // When
                session(client).deleteItems(ORGANIZATION, items);

                // Then
                assertThat(server.seen())
                        .extracting(seen -> JsonObject.of(Exchange.tree(seen.body()), "body")
                                .texts("ids")
                                .size())
                        .containsExactly(500, 500, 1);
            }
        }

        @Test
        void importNamesEachCollectionOnceAndLinksByPosition() {
            // Given
            CollectionId first = new CollectionId("first");
            CollectionId second = new CollectionId("second");
            try (FakeServer server = new FakeServer(request -> Reply.json(200, ""));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                // When
                session(client)
                        .importItems(
                                ORGANIZATION,
                                List.of(Map.of("type", 1), Map.of("type", 2)),
                                List.of(
                                        new Relationship(1, second),
                                        new Relationship(0, second),
                                        new Relationship(1, first)),
                                Map.of(first, NAME, second, NAME, new CollectionId("unused"), NAME));

                // Then
                JsonObject body =
                        JsonObject.of(Exchange.tree(server.seen().getFirst().body()), "body");
                assertThat(body.objects("collections"))
                        .extracting(collection -> collection.text("id"))
                        .containsExactly("second", "first");
                assertThat(body.objects("collections"))
                        .allSatisfy(collection -> assertThat(collection.tree())
                                .containsEntry("groups", List.of())
                                .containsEntry("users", List.of()));
                assertThat(body.tree().get("collectionRelationships"))
                        .isEqualTo(List.of(
                                Map.of("key", 1, "value", 0),
                                Map.of("key", 0, "value", 0),
                                Map.of("key", 1, "value", 1)));
            }
        }

        @Test
        void refusedImportNamesTheItem() {
            // Given
            Exchange refused = Exchange.of("10-import-organization", 9);
            try (FakeServer server = new FakeServer(request -> Reply.bytes(refused.status(), refused.responseBody()));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                // When
                RefusedException thrown = catchThrowableOfType(
                        RefusedException.class,
                        () -> session(client)
                                .importItems(ORGANIZATION, List.of(Map.of("type", 2)), List.of(), Map.of()));

                // Then
                assertThat(thrown.invalidMembers()).containsExactly("Ciphers[0].Notes");
                assertThat(thrown.serverMessage()).contains("maximum encrypted value length of 10000");
            }
        }

        @Test
        void consumersOwnFailureLeavesUnchanged() {
            // Given
            try (FakeServer server =
                            new FakeServer(request -> Reply.json(200, "{\"data\":[{\"id\":\"a\",\"type\":1}]}"));
                    BitwardenServer client = BitwardenServer.at(ServerAddress.of(server.url()), SETTINGS)) {
                IllegalStateException own = new IllegalStateException("mine");

                // When
                Throwable thrown = catchThrowable(() -> session(client).forEachItem(ORGANIZATION, item -> {
                    throw own;
                }));

                // Then
                assertThat(thrown).isSameAs(own);
            }
        }
    }
}

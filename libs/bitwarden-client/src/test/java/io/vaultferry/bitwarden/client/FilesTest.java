package io.vaultferry.bitwarden.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vaultferry.bitwarden.client.FakeServer.Reply;
import io.vaultferry.bitwarden.crypto.EncString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way of files over the wire, between servers that do whatever they like. */
@Timeout(120)
class FilesTest {
    private static final EncString NAME = EncString.parse(
            "2.l4EXxBwpVnGVgmUV66CMWA==|6dRX80M6aBVApFMe1MUOeg==|bDFgPI19Z0oHZwSrCDicfVSYpQthQbrY2qTBmpmgjdE=");
    private static final ClientSettings SETTINGS = ClientSettings.defaults().withInsecureServers(true);
    private static final ClientSettings IMPATIENT = SETTINGS.withTimeouts(
            Duration.ofSeconds(20), Duration.ofMillis(1500), Duration.ofMillis(1500), Duration.ofMillis(1000));

    /** More than all buffers between two sockets hold. */
    private static final int LARGE = 64 * 1024 * 1024;

    private static BitwardenServer client(String url, ClientSettings settings) {
        return BitwardenServer.at(ServerAddress.of(url), settings);
    }

    private static BitwardenSession session(BitwardenServer client) {
        return client.session(
                AccessTokens.fixed(AccessToken.of("token", Instant.now().plusSeconds(3600))));
    }

    private static void upload(BitwardenServer client, InputStream content, long length) {
        session(client)
                .uploadAttachment(
                        new AttachmentSlot(new ItemId("item"), new AttachmentId("file"), UploadKind.DIRECT, ""),
                        NAME,
                        content,
                        length);
    }

    private static Throwable uploadLargeFile(String url, ClientSettings settings) {
        try (BitwardenServer client = client(url, settings)) {
            return catchThrowable(() -> upload(client, new ByteArrayInputStream(new byte[LARGE]), LARGE));
        }
    }

    private static Download download(BitwardenServer client, String url) {
        return session(client)
                .download(new AttachmentLink(new ItemId("item"), new AttachmentId("file"), URI.create(url + "/file")));
    }

    private static String text(Download download) throws IOException {
        return new String(download.body().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Nested
    class GoingUp {
        @Test
        void refusalWhileTheFileIsStillBeingSentIsUnderstood() {
            // Given: it says no, does not read on, and does not hang up.
            try (ScriptedServer server = new ScriptedServer(connection -> {
                connection.readHead();
                connection.answer(413, "{\"message\":\"too much\"}");
                connection.holdForever();
            })) {
                // When
                Throwable thrown = uploadLargeFile(server.url(), SETTINGS);

                // Then
                assertThat(thrown).isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.status()).isEqualTo(413);
                    assertThat(refused.serverMessage()).isEqualTo("too much");
                });
            }
        }

        @Test
        void refusalOfAServerThatHangsUpWithoutReadingTheFileIsUnderstood() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                connection.readHead();
                connection.answer(413, "{}");
            })) {
                // When
                Throwable thrown = uploadLargeFile(server.url(), SETTINGS);

                // Then
                assertThat(thrown)
                        .isInstanceOfSatisfying(
                                RefusedException.class,
                                refused -> assertThat(refused.status()).isEqualTo(413));
            }
        }

        @Test
        void successBeforeTheWholeFileWasTakenIsNotBelieved() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                connection.readHead();
                connection.answer(200, "");
                connection.holdForever();
            })) {
                // When
                Throwable thrown = uploadLargeFile(server.url(), SETTINGS);

                // Then
                assertThat(thrown).isInstanceOf(UnknownOutcomeException.class);
            }
        }

        @Test
        void serverThatTakesNoMoreIsGivenUp() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                connection.readHead();
                connection.holdForever();
            })) {
                // When
                Throwable thrown = uploadLargeFile(server.url(), IMPATIENT);

                // Then
                assertThat(thrown).isInstanceOf(UnknownOutcomeException.class).hasMessageContaining("did not answer");
            }
        }

        @Test
        void interimAnswersArePassedOver() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n");
                        connection.readRequest();
                        connection.answer(200, "{}");
                    });
                    BitwardenServer client = client(server.url(), SETTINGS)) {
                // When
                upload(client, new ByteArrayInputStream(new byte[LARGE]), LARGE);

                // Then
                assertThat(server.requests()).containsExactly("POST /api/ciphers/item/attachment/file");
            }
        }

        @Test
        void threadThatIsInterruptedSendsNoMore() throws Exception {
            // Given
            CountDownLatch sending = new CountDownLatch(1);
            InputStream endless = new InputStream() {
                @Override
                public int read() {
                    return 0;
                }

                @Override
                public int read(byte[] target, int offset, int length) {
                    sending.countDown();
                    return length;
                }
            };
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readHead();
                        connection.in().transferTo(java.io.OutputStream.nullOutputStream());
                    });
                    BitwardenServer client = client(server.url(), SETTINGS)) {
                Thread thread = Thread.ofPlatform()
                        .start(() ->
                                outcome.complete(catchThrowable(() -> upload(client, endless, Long.MAX_VALUE / 2))));
                assertThat(sending.await(20, TimeUnit.SECONDS)).isTrue();

                // When
                thread.interrupt();

                // Then
                assertThat(outcome.get(60, TimeUnit.SECONDS))
                        .isInstanceOf(UnknownOutcomeException.class)
                        .hasMessageContaining("interrupted");
            }
        }

        @Test
        void closedClientSendsNoMore() throws Exception {
            // Given
            CountDownLatch sending = new CountDownLatch(1);
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            try (ScriptedServer server = new ScriptedServer(connection -> {
                connection.readHead();
                sending.countDown();
                connection.holdForever();
            })) {
                BitwardenServer client = client(server.url(), SETTINGS);
                Thread.ofPlatform()
                        .start(() -> outcome.complete(catchThrowable(
                                () -> upload(client, new ByteArrayInputStream(new byte[LARGE]), LARGE))));
                assertThat(sending.await(20, TimeUnit.SECONDS)).isTrue();

                // When
                client.close();

                // Then
                assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(UnknownOutcomeException.class);
            }
        }
    }

    @Nested
    class ComingDown {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789",
                    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 10\r\n\r\n0123456789",
                    "HTTP/1.1 200\r\ncontent-length:10\r\n\r\n0123456789and more",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n006;x=y\r\n456789\r\n0\r\nA: b\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789",
                    "HTTP/1.0 200 OK\r\n\r\n0123456789",
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789",
                })
        void fileArrivesHoweverItsEndIsTold(String answer) throws IOException {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readRequest();
                        connection.write(answer);
                    });
                    BitwardenServer client = client(server.url(), SETTINGS);
                    Download download = download(client, server.url())) {
                // When
                String arrived = text(download);

                // Then
                assertThat(arrived).isEqualTo("0123456789");
                assertThat(download.body().read()).isEqualTo(-1);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Length: 11\r\n\r\n0123456789",
                    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n0123456789",
                    "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n0123456789",
                    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                    "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                    "HTTP/1.1 200 OK\r\n folded\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\n0",
                    "HTTP/2 200 OK\r\n\r\n",
                    "canary",
                })
        void answerThatCanBeReadInTwoWaysIsNotRead(String answer) {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readRequest();
                        connection.write(answer);
                    });
                    BitwardenServer client = client(server.url(), SETTINGS)) {
                // When
                Throwable thrown = catchThrowable(() -> download(client, server.url()));

                // Then
                assertThat(thrown).isInstanceOf(UnavailableException.class).hasMessageNotContaining("canary");
            }
        }

        @Test
        void headWithoutEndIsGivenUp() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readRequest();
                        connection.write("HTTP/1.1 200 OK\r\n");
                        while (true) {
                            connection.write("X-More: and more\r\n");
                        }
                    });
                    BitwardenServer client = client(server.url(), SETTINGS)) {
                // When
                Throwable thrown = catchThrowable(() -> download(client, server.url()));

                // Then
                assertThat(thrown).isInstanceOf(UnavailableException.class);
            }
        }

        @Test
        void headThatDripsIsGivenUp() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readRequest();
                        connection.write("HTTP/1.1 200 OK\r\nX-More: ");
                        drip(connection);
                    });
                    BitwardenServer client = client(server.url(), IMPATIENT)) {
                // When
                Throwable thrown = catchThrowable(() -> download(client, server.url()));

                // Then
                assertThat(thrown).isInstanceOf(UnavailableException.class).hasMessageContaining("did not answer");
            }
        }

        @Test
        void fileThatDripsIsGivenUp() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readRequest();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
                        drip(connection);
                    });
                    BitwardenServer client = client(server.url(), IMPATIENT);
                    Download download = download(client, server.url())) {
                // When
                Throwable thrown = catchThrowable(() -> download.body().readAllBytes());

                // Then
                assertThat(thrown).isInstanceOf(IOException.class).hasMessageContaining("too slowly");
            }
        }

        @Test
        void readerThatIsInterruptedDoesNotWaitForTheServer() {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readRequest();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
                        connection.holdForever();
                    });
                    BitwardenServer client = client(server.url(), SETTINGS);
                    Download download = download(client, server.url())) {
                Thread reader = Thread.currentThread();
                CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(reader::interrupt);

                // When
                Throwable thrown = catchThrowable(() -> download.body().readAllBytes());

                // Then
                assertThat(Thread.interrupted()).isTrue();
                assertThat(thrown).isInstanceOf(IOException.class).hasMessageContaining("broke off");
            }
        }

        private static void drip(ScriptedServer.Connection connection) throws IOException, InterruptedException {
            for (int i = 0; i < 100_000; i++) {
                connection.write("x");
                Thread.sleep(Duration.ofMillis(50));
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Transfer-Encoding: chunked\r\n\r\n5\r\n01",
                    "Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n",
                    "Transfer-Encoding: chunked\r\n\r\n5\r\n01234no\r\n0\r\n\r\n",
                    "Transfer-Encoding: chunked\r\n\r\ncanary\r\n",
                    "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n",
                    "Content-Length: 7\r\n\r\n01",
                })
        void fileThatBreaksOffFails(String rest) {
            // Given
            try (ScriptedServer server = new ScriptedServer(connection -> {
                        connection.readRequest();
                        connection.write("HTTP/1.1 200 OK\r\n" + rest);
                    });
                    BitwardenServer client = client(server.url(), SETTINGS);
                    Download download = download(client, server.url())) {
                // When
                Throwable thrown = catchThrowable(() -> download.body().readAllBytes());

                // Then
                assertThat(thrown).isInstanceOf(IOException.class).hasMessage("the answer broke off");
            }
        }

        @Test
        void connectionIsUsedAgainAfterAFileWasReadToItsEnd() throws IOException {
            // Given
            try (ScriptedServer server = new ScriptedServer(FilesTest::answerAll);
                    BitwardenServer client = client(server.url(), SETTINGS)) {
                // When
                for (int i = 0; i < 3; i++) {
                    try (Download download = download(client, server.url())) {
                        assertThat(text(download)).isEqualTo("file");
                    }
                    upload(client, new ByteArrayInputStream(new byte[9]), 9);
                }

                // Then
                assertThat(server.requests()).hasSize(6);
                assertThat(server.connections()).isEqualTo(1);
            }
        }

        @Test
        void connectionOfAFileThatWasNotReadToItsEndIsDropped() throws IOException {
            // Given
            try (ScriptedServer server = new ScriptedServer(FilesTest::answerAll);
                    BitwardenServer client = client(server.url(), SETTINGS)) {
                try (Download download = download(client, server.url())) {
                    assertThat(download.body().read()).isEqualTo('f');
                }

                // When
                try (Download download = download(client, server.url())) {
                    // Then
                    assertThat(text(download)).isEqualTo("file");
                    assertThat(server.connections()).isEqualTo(2);
                }
            }
        }

        @Test
        void fileIsFetchedFromTheAddressThatWasChecked() throws IOException {
            // Given: nobody but this resolver knows the host.
            try (ScriptedServer server = new ScriptedServer(FilesTest::answerAll);
                    BitwardenServer client = new BitwardenServer(
                            ServerAddress.of("http://127.0.0.1:1"),
                            SETTINGS,
                            host -> List.of(InetAddress.getLoopbackAddress()),
                            Clock.systemUTC());
                    // When
                    Download download =
                            download(client, "http://files.nobody-has-this-name.invalid:" + server.port())) {
                // Then
                assertThat(text(download)).isEqualTo("file");
            }
        }
    }

    private static void answerAll(ScriptedServer.Connection connection) throws IOException {
        while (!connection.readRequest().isEmpty()) {
            connection.answer(200, "file");
        }
    }

    @Nested
    class ToWhereTheServerWantsThem {
        private static final AttachmentId FILE = new AttachmentId("file");
        private static final ItemId ITEM = new ItemId("item");
        private static final String OFFICIAL = "{\"version\":\"2026.8.0\",\"server\":null}";

        @ParameterizedTest
        @CsvSource({"0, DIRECT", "1, SIGNED_ADDRESS", "2, UNKNOWN"})
        void kindIsTheOneThatTheServerNames(int number, UploadKind kind) {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(
                            200, "{\"attachmentId\":\"file\",\"url\":\"/x\",\"fileUploadType\":" + number + "}"));
                    BitwardenServer client = client(server.url(), SETTINGS)) {
                // When
                AttachmentSlot slot = session(client).createAttachment(ITEM, NAME, NAME, 100);

                // Then
                assertThat(slot.kind()).isEqualTo(kind);
                assertThat(slot.url()).isEqualTo("/x");
            }
        }

        @ParameterizedTest
        @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DIRECT")
        void nothingIsSentInAWayThatIsNotSupported(UploadKind kind) {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(200, "{}"));
                    BitwardenServer client = client(server.url(), SETTINGS)) {
                AttachmentSlot slot = new AttachmentSlot(ITEM, FILE, kind, server.url() + "/signed");

                // When
                Throwable thrown = catchThrowable(
                        () -> session(client).uploadAttachment(slot, NAME, new ByteArrayInputStream(new byte[1]), 1));

                // Then
                assertThat(thrown).isInstanceOf(RefusedException.class).hasMessageContaining("not supported");
                assertThat(kind.isSupported()).isFalse();
                assertThat(server.seen()).isEmpty();
            }
        }

        @Test
        void officialServerIsAskedAgain() {
            // Given
            try (FakeServer server = new FakeServer(request -> Reply.json(
                            200,
                            request.path().endsWith("/config")
                                    ? OFFICIAL
                                    : "{\"url\":\"https://elsewhere.example.com/x\",\"fileUploadType\":1}"));
                    BitwardenServer client = client(server.url(), SETTINGS)) {
                // When
                AttachmentSlot slot = session(client).attachmentSlot(ITEM, FILE);

                // Then
                assertThat(slot)
                        .isEqualTo(new AttachmentSlot(
                                ITEM, FILE, UploadKind.SIGNED_ADDRESS, "https://elsewhere.example.com/x"));
                assertThat(server.seen().getLast().path()).isEqualTo("/api/ciphers/item/attachment/file/renew");
            }
        }

        @Test
        void officialServerThatHasSeenTheBytesTakesThemAgain() {
            // Given
            try (FakeServer server = new FakeServer(request ->
                            request.path().endsWith("/config") ? Reply.json(200, OFFICIAL) : Reply.json(404, "{}"));
                    BitwardenServer client = client(server.url(), SETTINGS)) {
                // When
                AttachmentSlot slot = session(client).attachmentSlot(ITEM, FILE);

                // Then
                assertThat(slot.kind()).isEqualTo(UploadKind.DIRECT);
            }
        }

        @Test
        void vaultwardenTakesThemItselfAndIsNotAsked() {
            // Given
            try (FakeServer server = new FakeServer(request ->
                            Reply.json(200, "{\"version\":\"2026.8.0\",\"server\":{\"name\":\"Vaultwarden\"}}"));
                    BitwardenServer client = client(server.url(), SETTINGS)) {
                // When
                AttachmentSlot slot = session(client).attachmentSlot(ITEM, FILE);

                // Then
                assertThat(slot.kind()).isEqualTo(UploadKind.DIRECT);
                assertThat(server.seen()).noneMatch(seen -> seen.path().endsWith("/renew"));
            }
        }
    }

    @Nested
    class OverTls {
        private static final GeneralName LOCALHOST = new GeneralName(GeneralName.dNSName, "localhost");

        @TempDir
        private Path directory;

        private ScriptedServer serve(GeneralName name, Certificates authority, ScriptedServer.Script script)
                throws Exception {
            return new ScriptedServer(
                    authority.serverFor(name, Instant.now(), Duration.ofDays(1)).getServerSocketFactory(), script);
        }

        private ClientSettings trusting(Certificates authority) throws Exception {
            Path file = directory.resolve("ca.pem");
            authority.writePem(file);
            return SETTINGS.withCaFile(Optional.of(file));
        }

        @Test
        void filesGoBothWays() throws Exception {
            // Given
            Certificates authority = new Certificates();
            try (ScriptedServer server = serve(LOCALHOST, authority, FilesTest::answerAll);
                    BitwardenServer client = client("https://localhost:" + server.port(), trusting(authority))) {
                // When
                upload(client, new ByteArrayInputStream(new byte[LARGE]), LARGE);

                // Then
                try (Download download = download(client, "https://localhost:" + server.port())) {
                    assertThat(text(download)).isEqualTo("file");
                }
                assertThat(server.connections()).isEqualTo(1);
            }
        }

        @Test
        void refusalWhileTheFileIsStillBeingSentIsUnderstood() throws Exception {
            // Given
            Certificates authority = new Certificates();
            try (ScriptedServer server = serve(LOCALHOST, authority, connection -> {
                connection.readHead();
                connection.answer(413, "{}");
                connection.holdForever();
            })) {
                // When
                Throwable thrown = uploadLargeFile("https://localhost:" + server.port(), trusting(authority));

                // Then
                assertThat(thrown)
                        .isInstanceOfSatisfying(
                                RefusedException.class,
                                refused -> assertThat(refused.status()).isEqualTo(413));
            }
        }

        /** Passes on what a client and a server say to each other, and from one byte on slowly what the server says. */
        private ScriptedServer drippingFrom(long from, int port) {
            return new ScriptedServer(connection -> {
                try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    Thread.ofVirtual().start(() -> {
                        try {
                            connection.in().transferTo(server.getOutputStream());
                        } catch (IOException e) {
                            // One of the two has gone.
                        }
                    });
                    InputStream answer = server.getInputStream();
                    long passed = 0;
                    for (int next = answer.read(); next >= 0; next = answer.read()) {
                        connection.write(String.valueOf((char) next));
                        if (passed++ > from) {
                            Thread.sleep(Duration.ofMillis(50));
                        }
                    }
                }
            });
        }

        @Test
        void fileThatDripsInsideOfARecordIsGivenUp() throws Exception {
            // Given
            Certificates authority = new Certificates();
            try (ScriptedServer server = serve(LOCALHOST, authority, connection -> {
                        connection.readHead();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));
                    });
                    ScriptedServer dripping = drippingFrom(20_000, server.port());
                    BitwardenServer client = client(
                            "https://localhost:" + dripping.port(),
                            IMPATIENT.withCaFile(trusting(authority).caFile()));
                    Download download = download(client, "https://localhost:" + dripping.port())) {
                // When
                Throwable thrown = catchThrowable(() -> download.body().readAllBytes());

                // Then
                assertThat(thrown).isInstanceOf(IOException.class).hasMessageContaining("too slowly");
            }
        }

        @Test
        void handshakeThatDripsIsGivenUp() throws Exception {
            // Given
            Certificates authority = new Certificates();
            ClientSettings impatient = trusting(authority)
                    .withTimeouts(
                            Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
            try (ScriptedServer server = serve(LOCALHOST, authority, FilesTest::answerAll);
                    ScriptedServer dripping = drippingFrom(0, server.port())) {
                // When
                Throwable thrown = uploadLargeFile("https://localhost:" + dripping.port(), impatient);

                // Then
                assertThat(thrown).isInstanceOf(UnavailableException.class);
                assertThat(server.requests()).isEmpty();
            }
        }

        @ParameterizedTest
        @MethodSource("io.vaultferry.bitwarden.client.FilesTest#wrongNames")
        void certificateForAnotherHostIsNotBelieved(GeneralName name) throws Exception {
            // Given
            Certificates authority = new Certificates();
            try (ScriptedServer server = serve(name, authority, FilesTest::answerAll)) {
                // When
                Throwable thrown = uploadLargeFile("https://localhost:" + server.port(), trusting(authority));

                // Then
                assertThat(thrown)
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("certificate")
                        .hasNoCause();
                assertThat(server.requests()).isEmpty();
            }
        }

        @Test
        void serverOfAnUnknownAuthorityIsNotBelieved() throws Exception {
            // Given
            try (ScriptedServer server = serve(LOCALHOST, new Certificates(), FilesTest::answerAll)) {
                // When
                Throwable thrown = uploadLargeFile("https://localhost:" + server.port(), trusting(new Certificates()));

                // Then
                assertThat(thrown).isInstanceOf(UnavailableException.class).hasMessageContaining("certificate");
                assertThat(server.requests()).isEmpty();
            }
        }
    }

    static Stream<GeneralName> wrongNames() {
        return Stream.of(
                new GeneralName(GeneralName.dNSName, "vault.example.com"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    }
}

package io.vaultferry.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files: two phases, links that expire, sizes that do not fit, and files larger than the memory. */
class AttachmentTest {

    private static final String ITEM = "83f89c76-57fb-4db2-a9fc-d3b1a431e6b5";
    private static final String ATTACHMENTS = "/api/ciphers/" + ITEM + "/attachment";

    @TempDir
    private Path directory;

    private volatile Instant now = Instant.now();
    private Sandbox sandbox;
    private TestHttp http;
    private String token;

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.start(SandboxConfig.builder()
                .tls(false)
                .seed(Seed.recorded())
                .dataDirectory(directory)
                .clock(() -> now)
                .build());
        http = TestHttp.to(sandbox);
        token = http.logInOwner();
    }

    @AfterEach
    void stop() {
        http.close();
        sandbox.close();
    }

    private String createRecord(long size) throws IOException {
        return http.post(ATTACHMENTS + "/v2", token, Map.of("key", "2.k", "fileName", "2.f", "fileSize", "" + size))
                .json()
                .get("attachmentId")
                .textValue();
    }

    private TestHttp.Answer upload(String path, byte[] content, Map<String, String> fields) throws IOException {
        String boundary = "----boundary";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field.getKey()
                            + "\"\r\n\r\n" + field.getValue() + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"data\"; filename=\"2.f\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return http.send(
                "POST",
                path,
                Map.of(
                        "Authorization",
                        "Bearer " + token,
                        "Accept",
                        "application/json",
                        "Content-Type",
                        "multipart/form-data; boundary=" + boundary),
                body.toByteArray());
    }

    private String link(String attachment) throws IOException {
        String url = http.get(ATTACHMENTS + "/" + attachment, token)
                .json()
                .get("url")
                .textValue();
        URI uri = URI.create(url);
        assertThat(url).startsWith(sandbox.baseUrl().toString());
        return uri.getRawPath() + "?" + uri.getRawQuery();
    }

    private TestHttp.Answer download(String link) throws IOException {
        return http.send("GET", link, Map.of(), new byte[0]);
    }

    @Test
    void aRecordWithoutBytesIsListedAndCannotBeDownloaded() throws IOException {
        // When
        String attachment = createRecord(100);

        // Then
        JsonNode item = http.get("/api/ciphers/" + ITEM, token).json();
        assertThat(item.get("attachments"))
                .anySatisfy(listed -> assertThat(listed.get("id").textValue()).isEqualTo(attachment));
        assertThat(download(link(attachment)).status()).isEqualTo(404);
    }

    @Test
    void bytesMayBeSentAgain() throws IOException {
        // Given
        String attachment = createRecord(5);
        upload(ATTACHMENTS + "/" + attachment, "wrong".getBytes(StandardCharsets.UTF_8), Map.of());

        // When
        byte[] content = "\r\n----boundar\r\n--\0right".getBytes(StandardCharsets.UTF_8);
        TestHttp.Answer answer = upload(ATTACHMENTS + "/" + attachment, content, Map.of());

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.bytes()).isEmpty();
        assertThat(download(link(attachment)).bytes()).isEqualTo(content);
        assertThat(http.get(ATTACHMENTS + "/" + attachment, token)
                        .json()
                        .get("size")
                        .textValue())
                .isEqualTo("" + content.length);
    }

    @Test
    void aSizeFarFromTheAnnouncedOneRemovesTheRecord() throws IOException {
        // Given
        String attachment = createRecord(2_000_000);

        // When
        TestHttp.Answer answer = upload(ATTACHMENTS + "/" + attachment, new byte[10], Map.of());

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(http.get(ATTACHMENTS + "/" + attachment, token).message()).isEqualTo("Attachment doesn't exist");
    }

    @Test
    void aLinkOpensOneFileForAShortTime() throws IOException {
        // Given
        String link = link("42a2ee86604d6e8d536e");
        String other = link.replace("42a2ee86604d6e8d536e", "094706ce74faf6f5b908");

        // When
        TestHttp.Answer fresh = download(link);
        TestHttp.Answer wrongFile = download(other);
        now = now.plus(Duration.ofMinutes(6));
        TestHttp.Answer expired = download(link);

        // Then
        assertThat(fresh.status()).isEqualTo(200);
        assertThat(wrongFile.status()).isEqualTo(404);
        assertThat(expired.status()).isEqualTo(404);
        assertThat(download(link.substring(0, link.indexOf('?'))).status()).isEqualTo(404);
    }

    @Test
    void anAccessTokenExpires() throws IOException {
        // When
        now = now.plus(Duration.ofHours(2)).plusSeconds(2);

        // Then
        assertThat(http.get("/api/accounts/profile", token).status()).isEqualTo(401);
    }

    @Test
    void theOldUploadInOneCallNeedsAKey() throws IOException {
        // Given
        byte[] content = "content".getBytes(StandardCharsets.UTF_8);

        // When
        TestHttp.Answer without = upload(ATTACHMENTS, content, Map.of());
        TestHttp.Answer with = upload(ATTACHMENTS, content, Map.of("key", "2.k"));

        // Then
        assertThat(without.message()).isEqualTo("No attachment key provided");
        assertThat(with.status()).isEqualTo(200);
        String attachment = with.json().get("attachments").get(1).get("id").textValue();
        assertThat(download(link(attachment)).bytes()).isEqualTo(content);
    }

    @Test
    void aRecordWithoutAKeyIsUnprocessable() throws IOException {
        assertThat(http.post(ATTACHMENTS + "/v2", token, Map.of("fileName", "2.f", "fileSize", 5))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void deletingAnItemDeletesItsFiles() throws IOException {
        // Given
        Path files = directory.resolve("attachments").resolve(ITEM);
        assertThat(files).isDirectory();

        // When
        http.delete("/api/ciphers/" + ITEM, token);

        // Then
        assertThat(files).doesNotExist();
        assertThat(http.get("/api/ciphers/" + ITEM, token).message()).isEqualTo("Cipher doesn't exist");
    }

    @Test
    void anUploadThatBreaksOffLeavesNothingBehind() throws IOException {
        // Given
        String attachment = createRecord(1_000_000);
        Path incoming = directory.resolve("attachments").resolve("incoming");

        // When
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(head(ATTACHMENTS + "/" + attachment, 1_000_000, "x").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream()
                    .write("--x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"f\"\r\n\r\nsome bytes"
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            await().untilAsserted(() -> assertThat(incoming).isNotEmptyDirectory());
        }

        // Then
        await().untilAsserted(() -> assertThat(incoming).isEmptyDirectory());
        assertThat(download(link(attachment)).status()).isEqualTo(404);
    }

    @Test
    void aFileLargerThanWhatMayBeBufferedPassesThrough() throws IOException {
        // Given
        long size = 300_000_000;
        String attachment = createRecord(size);
        String before = "--x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"f\"\r\n\r\n";
        String after = "\r\n--x--\r\n";
        byte[] block = new byte[1_000_000];
        Arrays.fill(block, (byte) '\r');

        // When
        String statusLine;
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head(ATTACHMENTS + "/" + attachment, before.length() + size + after.length(), "x")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(before.getBytes(StandardCharsets.UTF_8));
            for (long sent = 0; sent < size; sent += block.length) {
                out.write(block);
            }
            out.write(after.getBytes(StandardCharsets.UTF_8));
            out.flush();
            statusLine = new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
        }

        // Then
        assertThat(statusLine).isEqualTo("HTTP/1.1 200");
        Path file = directory.resolve("attachments").resolve(ITEM).resolve(attachment);
        assertThat(Files.size(file)).isEqualTo(size);
        try (InputStream in =
                URI.create(sandbox.baseUrl() + link(attachment)).toURL().openStream()) {
            long received = in.transferTo(OutputStream.nullOutputStream());
            assertThat(received).isEqualTo(size);
        }
    }

    @Test
    void aFormLargerThanAllowedIsRefused() throws IOException {
        // Given
        stop();
        sandbox = Sandbox.start(SandboxConfig.builder()
                .tls(false)
                .seed(Seed.recorded())
                .largestUpload(1_000)
                .build());
        http = TestHttp.to(sandbox);
        token = http.logInOwner();
        String attachment = createRecord(2_000);

        // When
        TestHttp.Answer answer = upload(ATTACHMENTS + "/" + attachment, new byte[2_000], Map.of());

        // Then
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().get("error").get("code").intValue()).isEqualTo(413);
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), sandbox.baseUrl().getPort());
    }

    private String head(String path, long length, String boundary) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: multipart/form-data; boundary=" + boundary + "\r\nContent-Length: " + length
                + "\r\n\r\n";
    }
}

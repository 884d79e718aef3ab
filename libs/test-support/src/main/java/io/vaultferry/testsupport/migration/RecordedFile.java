package io.vaultferry.testsupport.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of the recorded organization in plain text, as an independent client decrypted it.
 *
 * @param sha256 of the plain bytes, in lower-case hexadecimal
 */
public record RecordedFile(String itemName, String name, long size, String sha256) {

    /** All of them; of two items with one name, and of two files with one name, each is there by itself. */
    public static List<RecordedFile> all() {
        try (InputStream in = RecordedFile.class.getResourceAsStream("decrypted.json")) {
            List<RecordedFile> files = new ArrayList<>();
            for (JsonNode item : new ObjectMapper().readTree(in).get("items")) {
                for (JsonNode file : item.get("attachments")) {
                    files.add(new RecordedFile(
                            item.get("name").textValue(),
                            file.get(0).textValue(),
                            file.get(1).longValue(),
                            file.get(2).textValue()));
                }
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

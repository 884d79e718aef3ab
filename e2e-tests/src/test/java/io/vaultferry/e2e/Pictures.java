package io.vaultferry.e2e;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * What the tests saw, as pictures in {@code target/pictures}. With {@code -Dpictures=docs}, those that the documents show are
 * written to {@code docs/pictures} too.
 */
final class Pictures {

    private static final Path SEEN = Path.of("target", "pictures");
    private static final Path DOCUMENTS = Path.of("..", "docs", "pictures");
    private static final List<String> SHOWN = List.of("migrations", "approval", "running", "topics", "report");
    private static final int COLORS = 256;

    private Pictures() {}

    static boolean areForTheDocuments() {
        return "docs".equals(System.getProperty("pictures"));
    }

    static Path of(String name) {
        return SEEN.resolve(name + ".png");
    }

    static void publish() {
        if (!areForTheDocuments()) {
            return;
        }
        try {
            Files.createDirectories(DOCUMENTS);
            for (String view : SHOWN) {
                for (String scheme : List.of("light", "dark")) {
                    String file = view + "-" + scheme + ".png";
                    BufferedImage seen = ImageIO.read(SEEN.resolve(file).toFile());
                    ImageIO.write(reduced(seen), "png", DOCUMENTS.resolve(file).toFile());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with the 256 colors that occur most, every other one as the nearest of them: a third of the size. */
    private static BufferedImage reduced(BufferedImage image) {
        Map<Integer, Integer> occurrences = new HashMap<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                occurrences.merge(image.getRGB(x, y) & 0xffffff, 1, Integer::sum);
            }
        }
        int[] palette = occurrences.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(COLORS)
                .mapToInt(Map.Entry::getKey)
                .toArray();
        IndexColorModel model = new IndexColorModel(
                Byte.SIZE, palette.length, palette, 0, false, -1, java.awt.image.DataBuffer.TYPE_BYTE);
        BufferedImage reduced =
                new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        Map<Integer, Integer> nearest = new HashMap<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int index = nearest.computeIfAbsent(image.getRGB(x, y) & 0xffffff, color -> nearest(color, palette));
                reduced.getRaster().setSample(x, y, 0, index);
            }
        }
        return reduced;
    }

    private static int nearest(int color, int[] palette) {
        int best = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < palette.length; i++) {
            int distance = 0;
            for (int shift = 0; shift < 24; shift += 8) {
                int difference = (color >> shift & 0xff) - (palette[i] >> shift & 0xff);
                distance += difference * difference;
            }
            if (distance < least) {
                best = i;
                least = distance;
            }
        }
        return best;
    }
}

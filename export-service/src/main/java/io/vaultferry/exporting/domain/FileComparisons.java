package io.vaultferry.exporting.domain;

import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.BitwardenSession;
import io.vaultferry.bitwarden.client.UnavailableException;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.exporting.domain.ObjectComparison.Comparison;
import io.vaultferry.messaging.StepFailureException;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Compares files by their names and decrypted bytes, a few at a time. */
public final class FileComparisons {

    private static final int AT_ONCE = 4;
    private static final int MOST_TRIES = 4;
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final BitwardenSession source;
    private final SymmetricKey sourceKey;
    private final BitwardenSession target;
    private final SymmetricKey targetKey;

    public FileComparisons(
            BitwardenSession source, SymmetricKey sourceKey, BitwardenSession target, SymmetricKey targetKey) {
        this.source = source;
        this.sourceKey = sourceKey;
        this.target = target;
        this.targetKey = targetKey;
    }

    /** A file of the source and the one of the target that it became. */
    public record Pair(FileContents source, FileContents target) {}

    /**
     * Compares all pairs.
     *
     * @param compared told of each pair when it is done, on the calling thread
     * @return what was found, by the source's id of the file
     * @throws StepFailureException when the bytes of a file stop coming again and again
     */
    public Map<AttachmentId, Comparison> compare(List<Pair> pairs, Consumer<Pair> compared)
            throws InterruptedException {
        Map<AttachmentId, Comparison> results = new HashMap<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Comparison>> futures = new ArrayList<>();
            for (Pair pair : pairs) {
                Callable<Comparison> comparison = () -> compareRepeatedly(pair);
                futures.add(workers.submit(comparison));
            }
            try {
                for (int i = 0; i < pairs.size(); i++) {
                    results.put(pairs.get(i).source().id(), futures.get(i).get());
                    compared.accept(pairs.get(i));
                }
            } catch (ExecutionException e) {
                throw rethrowable(e.getCause());
            } finally {
                workers.shutdownNow();
            }
        }
        return results;
    }

    /** A cut connection must not cost the comparison of all other files. */
    private Comparison compareRepeatedly(Pair pair) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return compare(pair);
            } catch (IOException e) {
                if (tries == MOST_TRIES) {
                    throw new StepFailureException(
                            FailureCode.SERVER_UNREACHABLE,
                            "a file's bytes stopped coming: " + e.getClass().getSimpleName());
                }
            } catch (UnavailableException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
            }
            Thread.sleep(PAUSE.multipliedBy(tries));
        }
    }

    private Comparison compare(Pair pair) throws IOException {
        Optional<byte[]> there = pair.target().digest(target, targetKey);
        if (there.isEmpty()) {
            return Comparison.DIFFERENT;
        }
        Optional<byte[]> here = pair.source().digest(source, sourceKey);
        if (here.isEmpty()) {
            // It was read when it was moved, and the target's copy opens: the source has lost or changed it since.
            return Comparison.EQUAL_BUT_CHANGED_AT_SOURCE;
        }
        return Comparison.of(MessageDigest.isEqual(here.get(), there.get()));
    }

    private static RuntimeException rethrowable(Throwable cause) {
        return switch (cause) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> new IllegalStateException("a comparison failed", cause);
        };
    }
}

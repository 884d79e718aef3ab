package io.vaultferry.claimcheck;

import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Where sealed documents of migrations lie. A document is written once, under a name that nobody can guess, and never
 * changed: a step that runs again writes another one. Implementations are thread-safe.
 *
 * <p>The store takes bytes as they are; callers seal them first ({@link StagingKey#sealing}).
 */
public interface ClaimCheckStore {

    /**
     * Stores a document. It is durable when this returns; a crash or a failing body leaves no document.
     *
     * @param name what the document is, as lower-case words with hyphens, for example {@code snapshot}
     * @throws StagingUnavailableException when the store cannot be written, or when the body fails with an
     *     {@link IOException}
     * @throws IllegalArgumentException when the name is not of that form
     */
    ClaimCheck put(MigrationId migration, String name, Body body);

    /**
     * Opens a document. The stream compares length and SHA-256 with the claim check when its end is reached and throws
     * {@link StagedDataDamagedException} from the read that reaches it; who stops earlier has read unchecked bytes.
     *
     * @throws StagedDataDamagedException when there is no such document, or its length is another
     * @throws StagingUnavailableException when the store cannot be read; the stream's reads throw it too
     */
    InputStream get(ClaimCheck check);

    /**
     * Removes all documents of a migration, unfinished ones too. Does nothing when there are none.
     *
     * @throws StagingUnavailableException when something could not be removed
     */
    void discard(MigrationId migration);

    /**
     * The bytes that the documents of a migration take up, unfinished ones too.
     *
     * @throws StagingUnavailableException when the store cannot be read
     */
    long usage(MigrationId migration);

    /**
     * Finds out whether documents can be written now: writes a byte and removes it.
     *
     * @throws StagingUnavailableException when they cannot; its message says why
     */
    void check();

    /** Writes a document's bytes. */
    @FunctionalInterface
    interface Body {

        /** Writes everything; need not close the stream. */
        void writeTo(OutputStream out) throws IOException;
    }
}

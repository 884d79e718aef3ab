package io.vaultferry.attachment.domain;

import io.vaultferry.participant.documents.ManifestFile;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Cuts a manifest into units of work, in one pass: a large file is a unit of its own, and small ones that follow each other
 * share one as long as they are few and together no larger than a large file.
 */
public final class UnitPlan implements Iterator<List<ManifestFile>> {

    private final Iterator<ManifestFile> files;
    private final int mostFiles;
    private final long largeFile;
    private ManifestFile upcoming;

    /**
     * @param mostFiles the most small files in a unit
     * @param largeFile from how many encrypted bytes on a file is large
     */
    public UnitPlan(Iterator<ManifestFile> files, int mostFiles, long largeFile) {
        if (mostFiles < 1 || largeFile < 1) {
            throw new IllegalArgumentException("a unit holds at least one file");
        }
        this.files = files;
        this.mostFiles = mostFiles;
        this.largeFile = largeFile;
    }

    @Override
    public boolean hasNext() {
        return upcoming != null || files.hasNext();
    }

    @Override
    public List<ManifestFile> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        List<ManifestFile> unit = new ArrayList<>();
        long bytes = 0;
        while (hasNext()) {
            ManifestFile file = upcoming == null ? files.next() : upcoming;
            upcoming = null;
            // Compared this way round because a server may state any size at all.
            if (!unit.isEmpty() && (unit.size() == mostFiles || file.size() > largeFile - bytes)) {
                upcoming = file;
                break;
            }
            unit.add(file);
            if (file.size() >= largeFile) {
                break;
            }
            bytes += Math.max(0, file.size());
        }
        return unit;
    }
}

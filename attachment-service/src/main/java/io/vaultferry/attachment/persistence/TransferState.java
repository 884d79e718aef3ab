package io.vaultferry.attachment.persistence;

/**
 * How far a migration's files are.
 *
 * @param openUnits units that are not finished
 * @param bytesDone of finished files, and those that have passed of files that are being moved now
 * @param mostTries failures in a row of the unit that fails most
 * @param failure code of that unit's last failure; null when none failed
 * @param failureDetail its technical hint; null as above
 */
public record TransferState(
        long openUnits,
        long filesDone,
        long filesTotal,
        long bytesDone,
        long bytesTotal,
        int mostTries,
        String failure,
        String failureDetail) {}

package io.vaultferry.launcher;

import io.vaultferry.infrastructure.process.CannotStartException;
import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.FileHandler;

/** Sends what Kafka and the libraries log to a file, so that the terminal shows only what the launcher says. */
final class LauncherLog {

    /** Kept, because a logger without owner forgets its level. */
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger(""),
            Logger.getLogger("org.apache.kafka"),
            Logger.getLogger("kafka"),
            Logger.getLogger("state.change.logger"));

    private LauncherLog() {}

    static void writeTo(Path file) {
        Logger root = LOGGERS.getFirst();
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        try {
            FileHandler handler = new FileHandler(
                    new PatternFormatter("%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c] %s%e%n"), file.toFile(), true);
            handler.setAutoFlush(true);
            root.addHandler(handler);
        } catch (FileNotFoundException e) {
            throw new CannotStartException("The log " + file + " cannot be written: " + e.getMessage(), e);
        }
        root.setLevel(Level.INFO);
        LOGGERS.stream().skip(1).forEach(logger -> logger.setLevel(Level.WARNING));
    }

    /** Until the file is known. */
    static void discard() {
        Logger root = LOGGERS.getFirst();
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
    }
}

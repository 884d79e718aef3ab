package io.vaultferry.orchestrator.topics;

import io.vaultferry.contracts.Topics;
import io.vaultferry.messaging.database.DatabaseException;
import io.vaultferry.orchestrator.persistence.ProgressRepository;
import io.vaultferry.orchestrator.topics.TopicView.WorkView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What operators are told of topics: what the broker says of records, and what the database says of the files behind them. */
@ApplicationScoped
class TopicReport {

    private static final Logger LOG = Logger.getLogger(TopicReport.class);

    private final TopicLag lag;
    private final ProgressRepository progress;

    TopicReport(TopicLag lag, ProgressRepository progress) {
        this.lag = lag;
        this.progress = progress;
    }

    /**
     * Every topic of Vaultferry that the broker has.
     *
     * @throws TopicLag.BrokerUnavailableException when the broker does not answer
     */
    List<TopicView> make() {
        List<TopicView> topics = lag.measure();
        Optional<WorkView> work = work();
        return topics.stream()
                .map(topic -> topic.topic().equals(Topics.ATTACHMENT_WORK) ? topic.with(work.orElse(null)) : topic)
                .toList();
    }

    /** Lag is told without the database as well. */
    private Optional<WorkView> work() {
        try {
            return Optional.of(WorkView.of(progress.transfers()));
        } catch (DatabaseException e) {
            LOG.debug("outstanding files cannot be counted now");
            return Optional.empty();
        }
    }
}

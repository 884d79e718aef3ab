package io.vaultferry.staging;

import io.quarkus.runtime.StartupEvent;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.staging.s3.S3Store;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import org.jboss.logging.Logger;

/** Makes the store that the configuration names. */
@Dependent
class StagingBeans {

    private static final Logger LOG = Logger.getLogger(StagingBeans.class);

    @Produces
    @ApplicationScoped
    ClaimCheckStore store(StagingSettings settings, BucketSettings bucket) {
        return StagingChoice.storeOf(settings, bucket);
    }

    void close(@Disposes ClaimCheckStore store) {
        if (store instanceof S3Store bucket) {
            bucket.close();
        }
    }

    /** Wrong settings end the service here, and not in the middle of its first step. A store that is away does not. */
    void check(@Observes StartupEvent started, StagingReadiness readiness) {
        readiness.whyNot().ifPresent(reason -> LOG.warnf("%s; this service is not ready until it can be", reason));
    }
}

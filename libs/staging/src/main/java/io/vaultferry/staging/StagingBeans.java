package io.vaultferry.staging;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.staging.s3.S3Store;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;

/** Makes the store that the configuration names. */
@Dependent
class StagingBeans {

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
}

package io.vaultferry.messaging.database;

import io.agroal.api.AgroalDataSource;
import io.vaultferry.contracts.MessageCodec;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes plain classes injectable. */
@Dependent
class MessagingBeans {

    @Produces
    @Singleton
    Database database(AgroalDataSource dataSource) {
        return new Database(dataSource);
    }

    @Produces
    @Singleton
    MessageCodec messageCodec() {
        return new MessageCodec();
    }
}

/** Plain JDBC on the service's own database, for the tables of this library: they live from row locks and the database's clock. */
package io.vaultferry.messaging.database;

/** Items and keys without any network: JMH for single operations, and the way of an item through import-service beside bare AES and HMAC. */
package io.vaultferry.benchmarks.crypto;

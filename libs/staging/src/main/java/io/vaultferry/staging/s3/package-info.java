/**
 * The staging store in a bucket of an S3-compatible server. Knows nothing of keys, sealing and configuration; only this package
 * uses the SDK.
 */
package io.vaultferry.staging.s3;

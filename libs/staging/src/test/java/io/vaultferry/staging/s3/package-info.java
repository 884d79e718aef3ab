/** Tests of the store in a bucket, and the S3 server in this JVM that they and other modules' tests use. */
package io.vaultferry.staging.s3;

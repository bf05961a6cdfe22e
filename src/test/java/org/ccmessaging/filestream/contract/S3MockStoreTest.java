package org.ccmessaging.filestream.contract;

/** Adobe's store for tests, of which {@code -Pstores} copies the jar. */
class S3MockStoreTest extends StoreProgramContract {

    S3MockStoreTest() {
        super("S3Mock", "s3mock.sh", 1, "any", "any");
    }
}

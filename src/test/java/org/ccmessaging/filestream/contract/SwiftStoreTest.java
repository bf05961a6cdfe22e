package org.ccmessaging.filestream.contract;

/** Debian's OpenStack Swift. */
class SwiftStoreTest extends StoreProgramContract {

    SwiftStoreTest() {
        super("OpenStack Swift", "swift.sh", 5, "test:tester", "testing");
    }
}

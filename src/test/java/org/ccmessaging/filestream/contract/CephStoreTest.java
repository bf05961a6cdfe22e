package org.ccmessaging.filestream.contract;

/** Debian's Ceph, whose start takes minutes. */
class CephStoreTest extends StoreProgramContract {

    CephStoreTest() {
        super("Ceph RADOS Gateway", "ceph.sh", 2, "TESTACCESSKEY", "test-secret-key");
    }
}

package org.ccmessaging.filestream.storage.s3;

import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;

/** The bucket of a branch, with the settings of the store and the prefix of the keys of these settings. */
record Bucket(String branch, String name, S3Settings settings, String prefix, S3Store store) {

    static Bucket of(String branch, StorageSettings branches, S3Settings shared, RouteS3Client stores) {
        S3Settings own = branches.named(branch).s3();
        return new Bucket(branch, branches.named(branch).bucket(), shared.of(branch, own),
                own == null ? "filestream.s3." : "filestream.storage." + branch + ".s3.",
                stores.of(branch));
    }
}

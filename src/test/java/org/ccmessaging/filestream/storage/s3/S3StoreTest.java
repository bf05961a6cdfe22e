package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.core.exception.SdkClientException;

class S3StoreTest {

    @Test
    void missingCredentialsAreOneLineThatNamesTheSettings() {
        AwsCredentialsProvider without = () -> {
            throw SdkClientException.create("neither here");
        };
        AwsCredentialsProvider chain = AwsCredentialsProviderChain.of(without, without);

        assertThatExceptionOfType(SdkClientException.class)
                .isThrownBy(() -> S3Store.inOneLine(chain).resolveIdentity().join())
                .withMessage("no credentials: set filestream.s3.access-key and filestream.s3.secret-key, or give the"
                        + " AWS default credentials chain some")
                .withStackTraceContaining("neither here");
    }
}

package org.ccmessaging.filestream.routes;

import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.apache.camel.test.spring.junit5.DisableJmx;
import org.apache.camel.test.spring.junit5.UseAdviceWith;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.support.Service;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** The branches the other way round than by default: local files in the S3 store, the others in a folder. */
@CamelSpringBootTest
@SpringBootTest(classes = FileStreamApplication.class, properties = {
    "server.port=0", "management.server.port=0", "filestream.auth.signing-key=" + Service.SIGNING_KEY,
    "filestream.storage.local.type=s3", "filestream.storage.multimedia-library.type=filesystem",
    "filestream.storage.standard.type=filesystem"})
@UseAdviceWith
@DisableJmx(false)
class SwappedStorageTest extends StorageRoutes {

    SwappedStorageTest(@Autowired CamelContext context, @Autowired ProducerTemplate client) {
        super(context, client);
    }

    @Override
    String opener(String branch) {
        return branch.equals("local") ? "get-object" : "open-file";
    }
}

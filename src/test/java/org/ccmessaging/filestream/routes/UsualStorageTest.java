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

/** The branches as they are by default: local files in a folder, the others in the S3 store. */
@CamelSpringBootTest
@SpringBootTest(classes = FileStreamApplication.class, properties = {
    "server.port=0", "management.server.port=0", "filestream.auth.signing-key=" + Service.SIGNING_KEY})
@UseAdviceWith
@DisableJmx(false)
class UsualStorageTest extends StorageRoutes {

    UsualStorageTest(@Autowired CamelContext context, @Autowired ProducerTemplate client) {
        super(context, client);
    }

    @Override
    String opener(String branch) {
        return branch.equals("local") ? "open-file" : "get-object";
    }
}

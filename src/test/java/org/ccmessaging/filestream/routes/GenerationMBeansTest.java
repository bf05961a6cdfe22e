package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.ObjectName;
import org.apache.camel.impl.DefaultCamelContext;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Names of a generation's MBeans. */
@ResourceLock(Stage.MBEANS)
class GenerationMBeansTest {

    /** Hawtio's tree shows this name, so two generations must not have the same one. */
    @Test
    void contextHasTheNameOfItsGeneration() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getCamelContextExtension().setName("filestream");
            GenerationMBeans mbeans = GenerationMBeans.of(camel);
            camel.start();
            mbeans.showAs("filestream-canary-2");

            assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(
                    new ObjectName("org.apache.camel:context=filestream-canary-2,type=context,*"), null))
                    .extracting(ObjectName::getCanonicalName).containsExactly(
                            "org.apache.camel:context=filestream-canary-2,name=\"filestream-canary-2\",type=context");
        }
    }
}

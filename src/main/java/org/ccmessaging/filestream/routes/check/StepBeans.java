package org.ccmessaging.filestream.routes.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.spi.BeanRepository;
import org.ccmessaging.filestream.toolkit.RouteStep;
import software.amazon.awssdk.services.s3.S3Client;

/** Stand-ins for the beans that routes name. With them the check builds routes without the service. */
final class StepBeans implements BeanRepository {

    private final Map<String, Object> beans = new HashMap<>();

    /** @param steps the names of the step beans */
    StepBeans(Collection<String> steps) {
        steps.forEach(step -> beans.put(step, new Step()));
        beans.put("s3Client", new Client());
        beans.put("requestMapper", new ObjectMapper());
        beans.put("requestFault", new Called());
        beans.put("retryAfter", new Called());
    }

    @Override
    public Object lookupByName(String name) {
        return beans.get(name);
    }

    @Override
    public <T> T lookupByNameAndType(String name, Class<T> type) {
        Object bean = beans.get(name);
        return type.isInstance(bean) ? type.cast(bean) : null;
    }

    @Override
    public <T> Map<String, T> findByTypeWithName(Class<T> type) {
        return Map.of();
    }

    @Override
    public <T> Set<T> findByType(Class<T> type) {
        return Set.of();
    }

    /** No request runs it. */
    @RouteStep(description = "Stands for a step.")
    private static final class Step implements Processor {

        @Override
        public void process(Exchange exchange) {
            throw new UnsupportedOperationException("stands for a step");
        }
    }

    /** Sends nothing. A proxy would load the 2,000 classes that the interface's methods name, which takes 0.6 s. */
    private static final class Client implements S3Client {

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    /** What expressions call: a method that is missing fails when an expression is made. */
    public static final class Called {

        /** Stands for that of {@code requestFault}. */
        public String describe() {
            return "";
        }

        /** Stands for that of {@code retryAfter}. */
        public String seconds() {
            return "";
        }
    }
}

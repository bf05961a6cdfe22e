package org.ccmessaging.filestream.routes.check;

import java.lang.reflect.Proxy;
import java.util.Collection;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.SimpleRegistry;
import org.ccmessaging.filestream.toolkit.RouteStep;

/** Stand-ins for the beans that routes of authors name, with which the check builds routes without the service. */
final class StandInBeans extends SimpleRegistry {

    /** @param steps the names of the step beans */
    StandInBeans(Collection<String> steps) {
        steps.forEach(step -> bind(step, new Step()));
        bind("requestFault", new Called("", ""));
        bind("retryAfter", new Called("", ""));
    }

    /** Options may name further beans of connectors. An interface gets a proxy; a class has no stand-in. */
    @Override
    public <T> T lookupByNameAndType(String name, Class<T> type) {
        T bean = super.lookupByNameAndType(name, type);
        return bean != null || !type.isInterface() || type.getName().startsWith("org.apache.camel.") ? bean
                : type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                        (proxy, method, arguments) -> switch (method.getName()) {
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "equals" -> proxy == arguments[0];
                            case "toString" -> name;
                            default -> throw new UnsupportedOperationException("stands for bean " + name);
                        }));
    }

    @RouteStep(description = "Stands for a step.")
    private static final class Step implements Processor {

        @Override
        public void process(Exchange exchange) {
            throw new UnsupportedOperationException("stands for a step");
        }
    }

    /** Has the methods that expressions call: Camel looks them up when it builds an expression. */
    public record Called(String describe, String seconds) {
    }
}

package org.ccmessaging.filestream.routes.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.processor.WireTapProcessor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.apache.camel.util.ObjectHelper;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.testing.OutsideCalls.NotMockedException;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.slf4j.MDC;

/** Records the steps and the log of the running test, and runs mocks in place of steps. */
final class Recorder extends AppenderBase<ILoggingEvent> implements InterceptStrategy {

    /** Replaces a step in a test. */
    interface Mock {

        /** Runs the mock. Returns {@code false} to let the next mock or the step itself run. */
        boolean run(NamedNode step, Exchange exchange) throws Exception;
    }

    /**
     * A running test, and what the test did so far.
     *
     * @param notMocked the addresses that steps without a mock tried to call, by step name
     */
    record Run(String requestId, Map<String, List<Mock>> mocks, List<String> steps, Map<String, String> notMocked,
            List<ILoggingEvent> log) {

        Run(String requestId, Map<String, List<Mock>> mocks) {
            this(requestId, mocks, new CopyOnWriteArrayList<>(), new ConcurrentSkipListMap<>(),
                    new CopyOnWriteArrayList<>());
        }

        private boolean replaces(String name, NamedNode step, Exchange exchange) {
            steps.add(name);
            exchange.setProperty(STEP, name);
            // Sets the request ID for the log, because the step may run in a new thread.
            MDC.put(RequestId.FIELD, requestId);
            try {
                for (Mock mock : mocks.getOrDefault(name, List.of())) {
                    if (mock.run(step, exchange)) {
                        return true;
                    }
                }
                return false;
            } catch (Exception failure) {
                exchange.setException(failure);
                return true;
            }
        }
    }

    /** Exchange property with the name of the last step that began. Camel copies the property with the exchange. */
    private static final String STEP = "filestream.test.step";

    private final Map<String, NamedNode> steps = new ConcurrentSkipListMap<>();
    private final AtomicInteger copies = new AtomicInteger();
    private volatile Run running;

    /** @param next the test that begins; {@code null} to end the running test */
    void run(Run next) {
        running = next;
    }

    static String name(Step step) {
        return step.id().isEmpty() ? place(step.place().file().toString(), step.place().line()) : step.id();
    }

    private static String place(String file, int line) {
        return file.substring(file.lastIndexOf('/') + 1) + ":" + line;
    }

    Collection<String> steps() {
        return steps.keySet();
    }

    boolean asks(String name, String component) {
        return steps.get(name) instanceof ToDefinition to && to.getUri().startsWith(component);
    }

    /** Returns whether a route still processes a message that {@code wireTap} copied. */
    boolean isBusy() {
        return copies.get() > 0;
    }

    /** Counts a {@code wireTap} copy immediately, because Camel counts the copy later, when a thread processes it. */
    private Processor counted(Processor prepare) {
        return copy -> {
            if (prepare != null) {
                prepare.process(copy);
            }
            copies.incrementAndGet();
            copy.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    copies.decrementAndGet();
                }
            });
        };
    }

    /** Records a refused call. Ignores an exchange that a bean made, because the bean's step records the call. */
    void refused(Exchange exchange, NotMockedException refusal) {
        String step = exchange.getProperty(STEP, String.class);
        Run run = running;
        if (run != null && step != null) {
            run.notMocked().put(step, refusal.getMessage());
        }
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        String name = step instanceof OptionalIdentifiedDefinition<?> definition && definition.hasCustomIdAssigned()
                || step.getLocation() == null ? step.getId() : place(step.getLocation(), step.getLineNumber());
        steps.put(name, step);
        // If JMX has wrapped the processor, nextTarget is the original processor.
        if ((nextTarget == null ? target : nextTarget) instanceof WireTapProcessor tap) {
            tap.setOnPrepare(counted(tap.getOnPrepare()));
        }
        return new DelegateAsyncProcessor(target) {

            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                Run run = running;
                if (run == null) {
                    return super.process(exchange, callback);
                } else if (run.replaces(name, step, exchange)) {
                    callback.done(true);
                    return true;
                }
                return super.process(exchange, sync -> {
                    NotMockedException refusal =
                            ObjectHelper.getException(NotMockedException.class, exchange.getException());
                    if (refusal != null && !run.notMocked().containsValue(refusal.getMessage())) {
                        run.notMocked().put(name, refusal.getMessage());
                    }
                    callback.done(sync);
                });
            }
        };
    }

    @Override
    protected void append(ILoggingEvent event) {
        // Checks the request ID, because other services may log in the same process.
        Run test = running;
        if (test != null && event.getLevel().isGreaterOrEqual(Level.WARN)
                && test.requestId().equals(event.getMDCPropertyMap().get(RequestId.FIELD))) {
            test.log().add(event);
        }
    }
}

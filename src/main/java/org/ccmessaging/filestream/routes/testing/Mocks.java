package org.ccmessaging.filestream.routes.testing;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.spi.ClassResolver;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.PluginHelper;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.testing.Recorder.Mock;
import org.ccmessaging.filestream.routes.testing.Result.Mismatch;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.beans.BeanUtils;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.util.ReflectionUtils;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Creates the mocks of steps. A test may omit the package of an exception if the routes name the exception, or if
 * {@code PACKAGES} contains the package.
 *
 * @param named the complete class names of exceptions that the routes name
 * @param shared the mocks that all tests share, by step name
 */
record Mocks(Recorder recorder, Store store, ClassResolver classes, Collection<String> named,
        Map<String, Value> shared) {

    private static final List<String> PACKAGES = List.of("org.ccmessaging.filestream.failure", "java.lang", "java.io",
            "java.net", "java.util.concurrent", "software.amazon.awssdk.core.exception",
            "software.amazon.awssdk.services.s3.model", "com.fasterxml.jackson.core", "org.apache.camel",
            "org.apache.camel.component.direct");

    Mocks(Recorder recorder, Store store, ClassResolver classes, RouteSet set, Map<String, Value> shared) {
        this(recorder, store, classes, set.allSteps().flatMap(step -> step.name().equals("throwException")
                        ? Stream.of(step.field("exceptionType")) : step.exceptions().stream())
                .map(Value::text).filter(name -> !name.isEmpty()).distinct().sorted().toList(), shared);
    }

    /**
     * Returns the mocks of each step, in the order in which the mocks run. Also sets the failure that the store
     * simulates.
     *
     * @param mismatches receives mistakes of the test, such as an unknown exception
     */
    MultiValueMap<String, Mock> of(TestCase test, boolean hasCatalogue, List<Mismatch> mismatches) {
        MultiValueMap<String, Mock> mocks = new LinkedMultiValueMap<>();
        test.faults().forEach((step, fault) -> {
            Value exception = fault.isScalar() ? fault : fault.get("exception");
            if (exception.isPresent()) {
                mocks.add(step, mock(fault, exception, mismatches));
            } else if (recorder.asks(step, "aws2-s3")) {
                store.fail(fault);
            } else if (recorder.steps().contains(step)) {
                mismatches.add(Mismatch.of(fault.place(), "fail", "a step that asks the store, such as get-object",
                        step + ", which can only fail with an exception: {exception: IOException}"));
            }
        });
        add(test.mocks(), mocks, mismatches);
        if (hasCatalogue) {
            recorder.steps().stream().filter(step -> recorder.asks(step, "sql")).forEach(name ->
                    mocks.add(name, (step, exchange) -> setResult(step, exchange, key(test.catalogue(), exchange))));
        }
        add(shared, mocks, mismatches);
        return mocks;
    }

    private void add(Map<String, Value> written, MultiValueMap<String, Mock> mocks, List<Mismatch> mismatches) {
        written.forEach((step, mock) -> mocks.add(step, mock(mock, mock.get("exception"), mismatches)));
    }

    private Mock mock(Value written, Value exception, List<Mismatch> mismatches) {
        Class<?> type = find(exception.text()).orElse(null);
        if (type == null && exception.isPresent()) {
            mismatches.add(Mismatch.unknown("exception", exception.place(), exception.text(),
                    named.stream().map(name -> name.substring(name.lastIndexOf('.') + 1)).toList(),
                    "Write the complete name of its class"));
        }
        Store.Fault fault = Store.Fault.of(written);
        return (step, exchange) -> {
            if (!fault.happens()) {
                return false;
            }
            if (type != null) {
                String message = written.get("message").text();
                throw make(type, message.isEmpty() ? "a test wants it so" : message);
            }
            written.get("headers").members().values()
                    .forEach(header -> exchange.getMessage().setHeader(header.name(), header.text()));
            written.get("variables").members().values()
                    .forEach(variable -> exchange.setVariable(variable.name(), variable.text()));
            Value body = written.get("body");
            return !body.isPresent()
                    || setResult(step, exchange, body.isScalar() ? body.text() : TestCase.json(body).toString());
        };
    }

    private Optional<Class<?>> find(String name) {
        Stream<String> candidates = name.indexOf('.') >= 0 ? Stream.of(name)
                : Stream.concat(named.stream().filter(known -> known.endsWith("." + name)),
                        PACKAGES.stream().map(folder -> folder + "." + name));
        return candidates.<Class<?>>map(classes::resolveClass).filter(Objects::nonNull)
                .filter(Exception.class::isAssignableFrom).findFirst();
    }

    private static Exception make(Class<?> type, String message) {
        try {
            Method builder = ReflectionUtils.findMethod(type, "builder");
            if (builder != null) {
                return ((SdkException.Builder) ReflectionUtils.invokeMethod(builder, null)).message(message).build();
            }
            // Prefers a constructor with a String (the message), then the constructor with the fewest parameters.
            Constructor<?> simplest = Arrays.stream(type.getConstructors()).min(Comparator.comparing(
                    (Constructor<?> each) -> !List.of(each.getParameterTypes()).contains(String.class))
                    .thenComparing(Constructor::getParameterCount)).orElseThrow();
            // Spring replaces null with 0 or false for a primitive parameter.
            return (Exception) BeanUtils.instantiateClass(simplest, Arrays.stream(simplest.getParameterTypes())
                    .map(parameter -> parameter == String.class ? message : null).toArray());
        } catch (RuntimeException impossible) {
            throw new IllegalArgumentException("no test can make a " + type.getName(), impossible);
        }
    }

    /** Returns the object key for the requested file ID; {@code null} if the tenant's rows do not contain this ID. */
    private static String key(Value rows, Exchange exchange) {
        Value key = rows.get(exchange.getVariable(Variables.TENANT_ID, String.class))
                .get(exchange.getVariable(Variables.REQUEST, DownloadRequest.class).fileId());
        return key.isPresent() ? key.text() : null;
    }

    /** If {@code variableReceive} is set, sets the variable of that name; otherwise, the body. Returns {@code true}. */
    private static boolean setResult(NamedNode step, Exchange exchange, String result) {
        Object variable = PluginHelper.getBeanIntrospection(exchange.getContext())
                .getOrElseProperty(step, "variableReceive", null, false);
        if (variable == null) {
            exchange.getMessage().setBody(result);
        } else {
            ExchangeHelper.setVariable(exchange, variable.toString(), result);
        }
        return true;
    }
}

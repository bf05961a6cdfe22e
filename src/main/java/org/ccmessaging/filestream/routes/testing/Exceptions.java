package org.ccmessaging.filestream.routes.testing;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.spi.ClassResolver;
import org.springframework.beans.BeanUtils;
import org.springframework.util.ReflectionUtils;
import software.amazon.awssdk.core.exception.SdkException;

/** Makes the exceptions that tests name: classes of known packages, and those that the routes name. */
record Exceptions(ClassResolver classes, Collection<String> named) {

    private static final List<String> PACKAGES = List.of("org.ccmessaging.filestream.failure", "java.lang", "java.io",
            "java.net", "java.util.concurrent", "software.amazon.awssdk.core.exception",
            "software.amazon.awssdk.services.s3.model", "com.fasterxml.jackson.core", "org.apache.camel",
            "org.apache.camel.component.direct");

    Collection<String> known() {
        return named.stream().map(name -> name.substring(name.lastIndexOf('.') + 1)).toList();
    }

    Optional<Class<?>> find(String name) {
        Stream<String> candidates = name.indexOf('.') >= 0 ? Stream.of(name)
                : Stream.concat(named.stream().filter(known -> known.endsWith("." + name)),
                        PACKAGES.stream().map(folder -> folder + "." + name));
        return candidates.<Class<?>>map(classes::resolveClass).filter(Objects::nonNull)
                .filter(Exception.class::isAssignableFrom).findFirst();
    }

    /** @throws IllegalArgumentException if the class has no constructor of plain values and no builder */
    static Exception make(Class<?> type, String message) {
        try {
            Method builder = ReflectionUtils.findMethod(type, "builder");
            if (builder != null) {
                return ((SdkException.Builder) ReflectionUtils.invokeMethod(builder, null)).message(message).build();
            }
            // One that takes the message, with few other parameters.
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
}

package org.ccmessaging.filestream.routes.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.io.Reader;
import java.nio.Buffer;
import java.util.Calendar;
import java.util.Collection;
import java.util.Currency;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Scanner;
import java.util.UUID;
import java.util.stream.BaseStream;
import org.apache.camel.Processor;
import org.springframework.context.ApplicationContext;

/**
 * Which objects a route may call methods of, as <code>${variable.x.name}</code> and step {@code bean} do: values, what
 * {@link OpenClasses} has, and the beans that are made for routes. The object counts and not how the route names it,
 * because any method may give an object that leads to a class, to the settings or to a program.
 */
final class Receivers {

    /** None of these leads to anything but other values. */
    private static final List<Class<?>> VALUES = List.of(CharSequence.class, Number.class, Boolean.class,
            Character.class, Enum.class, Collection.class, Map.class, Map.Entry.class, Iterator.class, BaseStream.class,
            Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class, Date.class, Calendar.class,
            Locale.class, Currency.class, UUID.class, InputStream.class, Reader.class, Buffer.class, JsonNode.class,
            StackTraceElement.class);

    /** These read files, or hold system properties and what Java has of the security of the host. */
    private static final List<Class<?>> NO_VALUES = List.of(Properties.class, Scanner.class);

    private static final List<String> VALUE_PACKAGES = List.of("java.time.", "java.util.concurrent.atomic.",
            "software.amazon.awssdk.services.s3.model.");

    private static final String OURS = "org.ccmessaging.filestream.";

    /**
     * Beans that are made for routes and are no steps. Steps have methods that serve the steps beside them, such as one
     * that reads an object from any location, and run as {@code process} alone.
     */
    private static final List<String> BEANS = List.of("requestFault", "retryAfter");

    private final ApplicationContext spring;
    private final OpenClasses open;

    Receivers(ApplicationContext spring, OpenClasses open) {
        this.spring = spring;
        this.open = open;
    }

    /** @throws ClosedException if routes may not call methods of this class */
    void requireOpen(Class<?> type) {
        if (!isOpen(type)) {
            throw new ClosedException(ClosedException.What.CLASS, "no route calls methods of class " + type.getName()
                    + ": it is no value, and filestream.routes.classes does not list it");
        }
    }

    /** Whether routes may call methods of this class. */
    boolean isOpen(Class<?> type) {
        if (type.isArray() || open.isOpen(type) || open.isListed(type)) {
            return true;
        }
        if (isAny(type, NO_VALUES)) {
            return false;
        }
        return isAny(type, VALUES) || VALUE_PACKAGES.stream().anyMatch(type.getName()::startsWith)
                || isBean(type);
    }

    /** Whether routes may know the bean by its name: what they may call methods of, and the steps. */
    boolean hasName(Class<?> type) {
        return isOpen(type) || type.getName().startsWith(OURS) && Processor.class.isAssignableFrom(type);
    }

    private static boolean isAny(Class<?> type, List<Class<?>> kinds) {
        return kinds.stream().anyMatch(kind -> kind.isAssignableFrom(type));
    }

    private boolean isBean(Class<?> type) {
        return type.getName().startsWith(OURS)
                && BEANS.stream().anyMatch(bean -> spring.containsBean(bean) && spring.getType(bean) == type);
    }
}

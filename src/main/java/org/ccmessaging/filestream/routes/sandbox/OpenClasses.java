package org.ccmessaging.filestream.routes.sandbox;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.AggregationStrategy;
import org.ccmessaging.filestream.settings.RoutesSettings;

/**
 * Which classes a route may name, for a bean, a result or anything else: values, collections, exceptions, strategies of
 * aggregation, the request records, and what {@code filestream.routes.classes} lists. Any other class could be one that
 * runs programs or reads the environment.
 */
public final class OpenClasses {

    /** Each of these holds what it is given. None reads a file, a setting or a program. */
    private static final Set<String> VALUES = Set.of("java.lang.Object", "java.lang.String", "java.lang.Boolean",
            "java.lang.Byte", "java.lang.Character", "java.lang.Short", "java.lang.Integer", "java.lang.Long",
            "java.lang.Float", "java.lang.Double", "java.lang.Number", "java.lang.Iterable", "java.math.BigDecimal",
            "java.math.BigInteger", "java.io.InputStream", "java.io.Reader", "java.nio.ByteBuffer", "java.util.Date",
            "java.util.UUID", "java.util.Collection", "java.util.Iterator", "java.util.List", "java.util.Map",
            "java.util.Set", "java.util.ArrayList", "java.util.LinkedList", "java.util.ArrayDeque",
            "java.util.HashMap", "java.util.LinkedHashMap", "java.util.TreeMap", "java.util.HashSet",
            "java.util.LinkedHashSet", "java.util.TreeSet", "java.util.concurrent.ConcurrentHashMap",
            "java.util.concurrent.atomic.AtomicInteger", "java.util.concurrent.atomic.AtomicLong",
            "java.time.Duration", "java.time.Instant", "java.time.LocalDate", "java.time.LocalDateTime",
            "java.time.ZonedDateTime", "com.fasterxml.jackson.databind.JsonNode",
            "org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository");

    /** What step {@code transacted} of a connector looks for by itself. */
    private static final Set<String> TRANSACTIONS = Set.of("org.springframework.transaction.PlatformTransactionManager",
            "org.apache.camel.spring.spi.SpringTransactionPolicy");

    /** Strategies that give a route whole exchanges, which lead to the context, or that call a method by its name. */
    private static final Set<String> LEAD_OUT = Stream.of("GroupedExchangeAggregationStrategy",
            "GroupedMessageAggregationStrategy", "AggregationStrategyBeanAdapter")
            .map("org.apache.camel.processor.aggregate."::concat).collect(Collectors.toUnmodifiableSet());

    private static final String RECORDS = "org.ccmessaging.filestream.toolkit.";

    private final Set<String> listed;

    /** @param settings list the classes of the installation's own */
    public OpenClasses(RoutesSettings settings) {
        this.listed = settings.classes();
    }

    /** Whether routes may name this class. A class that is not there is not refused: the part that needs it says so. */
    public boolean isOpen(String name) {
        try {
            return isOpen(Class.forName(name, false, OpenClasses.class.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError missing) {
            return true;
        }
    }

    boolean isOpen(Class<?> type) {
        if (type.isArray()) {
            return isOpen(type.getComponentType());
        }
        String name = type.getName();
        return type.isPrimitive() || VALUES.contains(name) || TRANSACTIONS.contains(name) || name.startsWith(RECORDS)
                || Throwable.class.isAssignableFrom(type)
                || AggregationStrategy.class.isAssignableFrom(type) && !LEAD_OUT.contains(name)
                || listed.stream().anyMatch(entry -> isMeant(name, entry));
    }

    /** Whether the installation lists a class, or one that it extends, or an interface that it implements. */
    boolean isListed(Class<?> type) {
        return type != null && (listed.stream().anyMatch(entry -> isMeant(type.getName(), entry))
                || isListed(type.getSuperclass()) || Stream.of(type.getInterfaces()).anyMatch(this::isListed));
    }

    private static boolean isMeant(String name, String entry) {
        return entry.endsWith(".*") ? name.startsWith(entry.substring(0, entry.length() - 1)) : name.equals(entry);
    }
}

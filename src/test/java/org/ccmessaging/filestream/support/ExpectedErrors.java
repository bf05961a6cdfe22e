package org.ccmessaging.filestream.support;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The warnings and errors that a test class provokes on purpose: {@link QuietConsole} leaves them out while the class
 * runs. Every other appender still gets them. A class has the annotation {@link Of}, or registers an extension.
 */
public final class ExpectedErrors implements BeforeAllCallback, AfterAllCallback {

    /** Lines that the class provokes. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @Inherited
    @Repeatable(All.class)
    @ExtendWith(Annotated.class)
    public @interface Of {

        /** Name of the logger, or the package that it is in. */
        String logger();

        /** Texts of which each line has one, in its message or in that of its exception or a cause. */
        String[] texts();
    }

    /** Several of them. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @Inherited
    @ExtendWith(Annotated.class)
    public @interface All {

        Of[] value();
    }

    /** Takes the annotations of a class. */
    static final class Annotated implements BeforeAllCallback, AfterAllCallback {

        private final List<ExpectedErrors> ofTheClass = new CopyOnWriteArrayList<>();

        @Override
        public void beforeAll(ExtensionContext context) {
            AnnotationSupport.findRepeatableAnnotations(context.getRequiredTestClass(), Of.class)
                    .forEach(each -> ofTheClass.add(of(each.logger(), each.texts())));
            ACTIVE.addAll(ofTheClass);
        }

        @Override
        public void afterAll(ExtensionContext context) {
            ACTIVE.removeAll(ofTheClass);
        }
    }

    /** One for each class that runs; classes that inherit an extension share it. */
    private static final List<ExpectedErrors> ACTIVE = new CopyOnWriteArrayList<>();

    private final String logger;
    private final List<String> texts;

    private ExpectedErrors(String logger, List<String> texts) {
        this.logger = logger;
        this.texts = texts;
    }

    /**
     * @param logger name of the logger, or the package that it is in
     * @param texts of which each line has one, in its message or in that of its exception or a cause
     */
    public static ExpectedErrors of(String logger, String... texts) {
        return new ExpectedErrors(logger, List.of(texts));
    }

    static boolean include(ILoggingEvent line) {
        return ACTIVE.stream().anyMatch(expected -> expected.matches(line));
    }

    private boolean matches(ILoggingEvent line) {
        return (line.getLoggerName() + ".").startsWith(logger + ".")
                && messages(line).anyMatch(message -> texts.stream().anyMatch(message::contains));
    }

    private static Stream<String> messages(ILoggingEvent line) {
        return Stream.concat(Stream.of(line.getFormattedMessage()),
                Stream.iterate(line.getThrowableProxy(), cause -> cause != null, IThrowableProxy::getCause)
                        .map(cause -> String.valueOf(cause.getMessage())));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ACTIVE.add(this);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        ACTIVE.remove(this);
    }
}

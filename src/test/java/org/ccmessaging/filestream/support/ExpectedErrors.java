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
 * runs. Every other appender still gets them.
 */
public final class ExpectedErrors implements BeforeAllCallback, AfterAllCallback {

    /** Lines that the class provokes. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @Inherited
    @Repeatable(All.class)
    @ExtendWith(ExpectedErrors.class)
    public @interface Of {

        /** Name of the logger, or the package that it is in. */
        String logger();

        /** Texts of which each line has one, in its message or in that of its exception or a cause. */
        String[] texts();
    }

    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @Inherited
    @ExtendWith(ExpectedErrors.class)
    public @interface All {

        Of[] value();
    }

    /** Those of all classes that run. A class that runs beside another may expect the same. */
    private static final List<Of> ACTIVE = new CopyOnWriteArrayList<>();

    static boolean include(ILoggingEvent line) {
        return ACTIVE.stream().anyMatch(expected -> (line.getLoggerName() + ".").startsWith(expected.logger() + ".")
                && messages(line).anyMatch(message -> Stream.of(expected.texts()).anyMatch(message::contains)));
    }

    private static Stream<String> messages(ILoggingEvent line) {
        return Stream.concat(Stream.of(line.getFormattedMessage()),
                Stream.iterate(line.getThrowableProxy(), cause -> cause != null, IThrowableProxy::getCause)
                        .map(cause -> String.valueOf(cause.getMessage())));
    }

    private static List<Of> of(ExtensionContext context) {
        return AnnotationSupport.findRepeatableAnnotations(context.getRequiredTestClass(), Of.class);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ACTIVE.addAll(of(context));
    }

    /** Takes away one of each, since another class may still expect it. */
    @Override
    public void afterAll(ExtensionContext context) {
        of(context).forEach(ACTIVE::remove);
    }
}

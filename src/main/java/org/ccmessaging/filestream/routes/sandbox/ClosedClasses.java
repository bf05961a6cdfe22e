package org.ccmessaging.filestream.routes.sandbox;

import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.impl.engine.DefaultClassResolver;
import org.apache.camel.spi.ClassResolver;
import org.apache.camel.spi.FactoryFinder;
import org.apache.camel.spi.FactoryFinderResolver;
import org.apache.camel.support.PluginHelper;

/**
 * Resolves the names of classes that stand in routes, and no class but those that are open. Everything of Camel that
 * takes a name asks here: beans, <code>#class:</code>, {@code beanType}, types of results, the language {@code bean}.
 */
final class ClosedClasses extends DefaultClassResolver {

    private final OpenClasses open;

    private ClosedClasses(CamelContext context, OpenClasses open) {
        super(context);
        this.open = open;
    }

    /** Closes the classes of a context, but not to Camel, which finds its own parts by their names. */
    static void close(CamelContext context, OpenClasses open) {
        ClassResolver own = context.getClassResolver();
        ClosedClasses closed = new ClosedClasses(context, open);
        own.getClassLoaders().forEach(closed::addClassLoader);
        ExtendedCamelContext extension = context.getCamelContextExtension();
        FactoryFinderResolver finders = PluginHelper.getFactoryFinderResolver(extension);
        extension.addContextPlugin(FactoryFinderResolver.class, new FactoryFinderResolver() {

            @Override
            public FactoryFinder resolveFactoryFinder(ClassResolver ignored, String path) {
                return finders.resolveFactoryFinder(own, path);
            }

            @Override
            public FactoryFinder resolveBootstrapFactoryFinder(ClassResolver ignored, String path) {
                return finders.resolveBootstrapFactoryFinder(own, path);
            }
        });
        context.setClassResolver(closed);
    }

    @Override
    protected Class<?> loadClass(String name, ClassLoader loader) {
        Class<?> found = super.loadClass(name, loader);
        return found == null || open.isOpen(found) ? found : null;
    }

    /** @throws ClosedException if there is such a class, and it is not open to routes */
    @Override
    public Class<?> resolveMandatoryClass(String name) throws ClassNotFoundException {
        requireOpen(name);
        return super.resolveMandatoryClass(name);
    }

    /** @throws ClosedException if there is such a class, and it is not open to routes */
    @Override
    public <T> Class<T> resolveMandatoryClass(String name, Class<T> type) throws ClassNotFoundException {
        requireOpen(name);
        return super.resolveMandatoryClass(name, type);
    }

    private void requireOpen(String name) {
        if (!open.isOpen(name)) {
            throw new ClosedException(ClosedException.What.CLASS, "class " + name
                    + " is not open to routes: filestream.routes.classes does not list it");
        }
    }
}

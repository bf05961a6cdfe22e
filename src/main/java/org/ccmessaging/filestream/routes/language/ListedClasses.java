package org.ccmessaging.filestream.routes.language;

import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.impl.engine.DefaultClassResolver;
import org.apache.camel.spi.ClassResolver;
import org.apache.camel.spi.FactoryFinder;
import org.apache.camel.spi.FactoryFinderResolver;
import org.apache.camel.support.PluginHelper;

/** Resolves the classes that routes name: exceptions, and those of the language. */
final class ListedClasses extends DefaultClassResolver {

    private final RouteLanguage language;

    private ListedClasses(CamelContext context, RouteLanguage language) {
        super(context);
        this.language = language;
    }

    /** Closes the classes of a context, but not to Camel, which finds its own parts by their names. */
    static void close(CamelContext context, RouteLanguage language) {
        ClassResolver own = context.getClassResolver();
        ListedClasses listed = new ListedClasses(context, language);
        own.getClassLoaders().forEach(listed::addClassLoader);
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
        context.setClassResolver(listed);
    }

    @Override
    protected Class<?> loadClass(String name, ClassLoader loader) {
        Class<?> found = super.loadClass(name, loader);
        return found == null || language.isListed(found) ? found : null;
    }
}

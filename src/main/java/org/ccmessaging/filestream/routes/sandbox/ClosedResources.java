package org.ccmessaging.filestream.routes.sandbox;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceLoader;
import org.apache.camel.support.PluginHelper;

/**
 * Loads what a route names as a resource, as in <code>resource:classpath:note.txt</code>, from the class path and from
 * the folder of the routes. A file elsewhere could hold anything of the host, an address could be anybody's.
 */
final class ClosedResources implements ResourceLoader {

    private static final String FILE = "file:";

    private final ResourceLoader own;
    private final Path folder;

    private ClosedResources(ResourceLoader own, Path folder) {
        this.own = own;
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** @param folder the folder of the routes */
    static void close(CamelContext context, Path folder) {
        context.getCamelContextExtension().addContextPlugin(ResourceLoader.class,
                new ClosedResources(PluginHelper.getResourceLoader(context), folder));
    }

    /** @throws ClosedException if the resource is elsewhere */
    @Override
    public Resource resolveResource(String location) {
        boolean file = location.startsWith(FILE);
        boolean open = file || location.startsWith("classpath:") || !location.contains(":");
        Resource resource = open ? own.resolveResource(location) : null;
        // Camel decodes %2e and the like, so only the resource tells where it is. It reads nothing until it is asked.
        if (resource == null || file && !isInFolder(Path.of(resource.getURI()))) {
            throw new ClosedException(ClosedException.What.SETTING, "resource " + location + " is not open to routes:"
                    + " they read the class path and the folder of the routes");
        }
        return resource;
    }

    /** Also by its real path: a link in the folder, as a checkout can have, may lead anywhere. */
    private boolean isInFolder(Path named) {
        Path file = named.toAbsolutePath().normalize();
        try {
            return file.startsWith(folder) && file.toRealPath().startsWith(folder.toRealPath());
        } catch (NoSuchFileException missing) {
            return true;
        } catch (IOException unreadable) {
            return false;
        }
    }

    @Override
    public CamelContext getCamelContext() {
        return own.getCamelContext();
    }

    @Override
    public void setCamelContext(CamelContext context) {
        own.setCamelContext(context);
    }
}

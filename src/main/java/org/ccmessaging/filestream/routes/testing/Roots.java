package org.ccmessaging.filestream.routes.testing;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.env.PropertyResolver;
import org.springframework.core.env.PropertySource;

/**
 * Puts the root of every branch, whatever its name, into the folder of a run. What has no type is no branch: for a
 * variable such as {@code FILESTREAM_STORAGE_MULTIMEDIA_LIBRARY_BUCKET} Spring also tries a branch {@code multimedia},
 * which would come to be if it had a root.
 */
final class Roots extends PropertySource<Path> {

    private static final Pattern ROOT = Pattern.compile("(filestream\\.storage\\.([^.]+)\\.)root");

    private final PropertyResolver settings;

    /** @param settings have the types of the branches */
    Roots(Path folder, PropertyResolver settings) {
        super("roots of tests", folder);
        this.settings = settings;
    }

    @Override
    public Object getProperty(String name) {
        Matcher root = ROOT.matcher(name);
        return root.matches() && settings.containsProperty(root.group(1) + "type")
                ? getSource().resolve(root.group(2)).toString() : null;
    }
}

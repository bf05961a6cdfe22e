package org.ccmessaging.filestream.routes.testing;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.env.PropertySource;

/** Puts the root of every branch, whatever its name, into the folder of a run. */
final class Roots extends PropertySource<Path> {

    private static final Pattern ROOT = Pattern.compile("filestream\\.storage\\.([^.]+)\\.root");

    Roots(Path folder) {
        super("roots of tests", folder);
    }

    @Override
    public Object getProperty(String name) {
        Matcher root = ROOT.matcher(name);
        return root.matches() ? getSource().resolve(root.group(1)).toString() : null;
    }
}

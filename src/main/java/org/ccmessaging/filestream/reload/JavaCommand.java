package org.ccmessaging.filestream.reload;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that starts this product again in another process, with the same classes and without its settings.
 *
 * @param java the {@code java} command
 * @param classPath as system property {@code java.class.path} has it
 * @param started the started class or jar and its arguments, as {@code sun.java.command} has them; {@code null} if
 *     unknown
 * @param options the options of this process for the Java VM
 */
record JavaCommand(String java, String classPath, String started, List<String> options) {

    /** The name of a class that this package must not use, because that class uses this package. */
    private static final String MAIN = "org.ccmessaging.filestream.FileStreamApplication";

    /** Leads to classes. Other system properties may hold secrets, and everybody sees the arguments of a process. */
    private static final String CLASSES = "-Dloader.path=";

    /** Returns the command of this process. */
    static JavaCommand ofThisProcess() {
        String java = ProcessHandle.current().info().command()
                .orElseGet(() -> Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return new JavaCommand(java, System.getProperty("java.class.path"), System.getProperty("sun.java.command"),
                ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    /**
     * Returns the complete command.
     *
     * @param more options for the Java VM, which override the others
     * @param command the command of the product to run
     */
    List<String> with(List<String> more, List<String> command) {
        List<String> all = new ArrayList<>(List.of(java));
        options.stream().filter(option -> option.startsWith(CLASSES) || option.startsWith("--")).forEach(all::add);
        all.addAll(more);
        all.addAll(isJar() ? List.of("-jar", classPath) : List.of("-cp", classPath, MAIN));
        all.addAll(command);
        return all;
    }

    /** With {@code -jar}, the class path is the jar, and {@link #started} begins with it. */
    private boolean isJar() {
        return classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator) && started != null
                && (started.equals(classPath) || started.startsWith(classPath + " "));
    }
}

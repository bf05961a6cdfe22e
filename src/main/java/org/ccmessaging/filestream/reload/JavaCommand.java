package org.ccmessaging.filestream.reload;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that starts this product again in a process of its own, with the same classes and without its settings.
 *
 * @param java the {@code java} command
 * @param classPath as system property {@code java.class.path} has it
 * @param started what was started with which arguments, as {@code sun.java.command} has it; {@code null} if unknown
 * @param options the options of this process for the Java VM
 */
record JavaCommand(String java, String classPath, String started, List<String> options) {

    /** Named, since {@code reload} must not know the class: that one knows this room. */
    private static final String MAIN = "org.ccmessaging.filestream.FileStreamApplication";

    /** Leads to classes. Other system properties may hold secrets, and everybody sees the arguments of a process. */
    private static final String CLASSES = "-Dloader.path=";

    /** The command of this process. */
    static JavaCommand ofThisProcess() {
        String java = ProcessHandle.current().info().command()
                .orElseGet(() -> Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return new JavaCommand(java, System.getProperty("java.class.path"), System.getProperty("sun.java.command"),
                ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    /**
     * Returns the complete command.
     *
     * @param more options for the Java VM, which win
     * @param command what the product shall do instead of serving
     */
    List<String> with(List<String> more, List<String> command) {
        List<String> all = new ArrayList<>(List.of(java));
        options.stream().filter(option -> option.startsWith(CLASSES) || option.startsWith("--")).forEach(all::add);
        all.addAll(more);
        all.addAll(isJar() ? List.of("-jar", classPath) : List.of("-cp", classPath, MAIN));
        all.addAll(command);
        return all;
    }

    /** Whether it was started with {@code -jar}: then the class path is the jar, and the command begins with it. */
    private boolean isJar() {
        return classPath.endsWith(".jar") && !classPath.contains(File.pathSeparator) && started != null
                && (started.equals(classPath) || started.startsWith(classPath + " "));
    }
}

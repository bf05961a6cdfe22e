package org.ccmessaging.filestream.reload;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that starts this product again in a process of its own, with the same classes and settings.
 *
 * @param java the {@code java} command
 * @param classPath as system property {@code java.class.path} has it
 * @param started what was started with which arguments, as {@code sun.java.command} has it; {@code null} if unknown
 * @param options the options of this process for the Java VM
 * @param arguments the arguments of this process
 */
record JavaCommand(String java, String classPath, String started, List<String> options, List<String> arguments) {

    /** Named, since {@code reload} must not know the class: that one knows this room. */
    private static final String MAIN = "org.ccmessaging.filestream.FileStreamApplication";

    private static final String PROPERTY = "-D";

    /** These open a port, which this process has. */
    private static final String REMOTE = "-Dcom.sun.management.";

    /**
     * The command of this process.
     *
     * @param arguments that it was started with, such as {@code --server.port=8081}
     */
    static JavaCommand ofThisProcess(List<String> arguments) {
        String java = ProcessHandle.current().info().command()
                .orElseGet(() -> Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return new JavaCommand(java, System.getProperty("java.class.path"), System.getProperty("sun.java.command"),
                ManagementFactory.getRuntimeMXBean().getInputArguments(), arguments);
    }

    /**
     * Returns the complete command. System properties of this process stay as they are: {@code loader.path} leads to
     * classes, and others to settings. Arguments that are settings become system properties, since the arguments are
     * those of the command.
     *
     * @param more options for the Java VM, which win
     * @param command what the product shall do instead of serving
     */
    List<String> with(List<String> more, List<String> command) {
        List<String> all = new ArrayList<>(List.of(java));
        options.stream().filter(option -> option.startsWith(PROPERTY) && !option.startsWith(REMOTE)
                || option.startsWith("--")).forEach(all::add);
        arguments.stream().filter(argument -> argument.matches("--[^=]+=.*"))
                .forEach(argument -> all.add(PROPERTY + argument.substring(2)));
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

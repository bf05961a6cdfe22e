package org.ccmessaging.filestream.settings;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.Resource;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads configuration files as Spring Boot does, and names the file where one is broken, which its parser does not
 * know. Spring Boot finds this class through {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class NamedYaml implements PropertySourceLoader {

    private static final String CORRECT = "Correct the file at this place. YAML indents with spaces, and puts a space"
            + " behind each colon.";

    private final YamlPropertySourceLoader yaml = new YamlPropertySourceLoader();

    @Override
    public String[] getFileExtensions() {
        return yaml.getFileExtensions();
    }

    /** @throws BrokenFileException if the file is no YAML, or not UTF-8 */
    @Override
    public List<PropertySource<?>> load(String name, Resource resource) throws IOException {
        try {
            return yaml.load(name, resource);
        } catch (MarkedYAMLException broken) {
            Mark mark = Objects.requireNonNullElse(broken.getProblemMark(), broken.getContextMark());
            throw new BrokenFileException(nameOf(resource) + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1)
                    + " is no YAML: " + broken.getProblem(), CORRECT, broken);
        } catch (YAMLException broken) {
            if (broken.getCause() instanceof CharacterCodingException) {
                throw new BrokenFileException(nameOf(resource) + firstNoUtf8(resource.getContentAsByteArray()),
                        "Save the file as UTF-8.", broken);
            }
            throw new BrokenFileException(nameOf(resource) + " is no YAML: "
                    + broken.getMessage().lines().findFirst().orElse(""), CORRECT, broken);
        }
    }

    private static String firstNoUtf8(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        CharBuffer text = CharBuffer.allocate(file.length);
        StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true);
        if (!bytes.hasRemaining()) {
            return " is not UTF-8";
        }
        String before = text.flip().toString();
        return ":" + (before.chars().filter(character -> character == '\n').count() + 1) + ":"
                + (before.length() - before.lastIndexOf('\n'))
                + String.format(" is not UTF-8: byte 0x%02X", bytes.get());
    }

    /** A file below the working directory by its relative path, as operators know it. */
    static String nameOf(Resource resource) {
        try {
            Path file = resource.getFile().toPath().toAbsolutePath().normalize();
            Path here = Path.of("").toAbsolutePath();
            return (file.startsWith(here) ? here.relativize(file) : file).toString();
        } catch (IOException inAJar) {
            return resource.getDescription();
        }
    }
}

package org.ccmessaging.filestream.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.Resource;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads configuration files as Spring Boot does, and names the file of an error, which Spring's parser does not know.
 * Spring Boot finds this class through {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class NamedYaml extends YamlPropertySourceLoader {

    @Override
    public List<PropertySource<?>> load(String name, Resource resource) throws IOException {
        try {
            return super.load(name, resource);
        } catch (MarkedYAMLException broken) {
            Mark mark = Objects.requireNonNullElse(broken.getProblemMark(), broken.getContextMark());
            throw noYaml(resource, ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1), broken.getProblem());
        } catch (YAMLException broken) {
            if (broken.getCause() instanceof CharacterCodingException) {
                byte[] bytes = resource.getContentAsByteArray();
                String before = new String(bytes, StandardCharsets.UTF_8).replaceFirst("(?s)\ufffd.*", "");
                throw new InvalidSettingException("%s:%d:%d is not UTF-8: byte 0x%02X".formatted(nameOf(resource),
                        before.chars().filter(character -> character == '\n').count() + 1,
                        before.length() - before.lastIndexOf('\n'),
                        bytes[before.getBytes(StandardCharsets.UTF_8).length]), "Save the file as UTF-8.");
            }
            throw noYaml(resource, "", broken.getMessage().lines().findFirst().orElse(""));
        }
    }

    private static InvalidSettingException noYaml(Resource resource, String place, String problem) {
        return new InvalidSettingException(nameOf(resource) + place + " is no YAML: " + problem, "Correct the file at"
                + " this place. YAML indents with spaces, and puts a space after each colon.");
    }

    /** Returns the path of a file, relative to the working directory if the file is below it. */
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

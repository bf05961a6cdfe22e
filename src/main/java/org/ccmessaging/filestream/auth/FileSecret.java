package org.ccmessaging.filestream.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.settings.SettingChecks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret in a file. {@link TokenKeys} reads all files again every second, one after the other, since their contents
 * may change together. It does not watch the file, because Kubernetes replaces a mounted file by another one. If the
 * content is invalid, the last secret stays in use.
 */
final class FileSecret extends Secret {

    private static final Logger LOG = LoggerFactory.getLogger(FileSecret.class);

    private final String setting;
    private final Path file;
    private final BiConsumer<String, Secret> check;
    private volatile Secret last;
    private boolean unusable;

    private FileSecret(String setting, Path file, BiConsumer<String, Secret> check) {
        super("");
        this.setting = setting;
        this.file = file;
        this.check = check;
        this.last = read();
    }

    /** @param check refuses a secret that cannot be used, with its key; a file's each time its content changes */
    static Secret of(String setting, Secret secret, Path file, BiConsumer<String, Secret> check) {
        BiConsumer<String, Secret> notBlank = (key, value) ->
                SettingChecks.refuseIf(SettingChecks.blankToNull(value) == null, key, value, "a secret");
        if (SettingChecks.blankToNull(file) != null) {
            SettingChecks.refuseIf(SettingChecks.blankToNull(secret) != null, setting + "-file", file,
                    "either it or " + setting + ", not both");
            return new FileSecret(setting + "-file", file, notBlank.andThen(check));
        }
        notBlank.andThen(check).accept(setting, secret);
        return secret;
    }

    private Secret read() {
        try {
            Secret content = new Secret(Files.readString(file).replaceFirst("\\R$", ""));
            check.accept(setting, content);
            return content;
        } catch (IOException unreadable) {
            throw new InvalidSettingException(setting, file, "a file that can be read as UTF-8: " + unreadable);
        }
    }

    /** Reads the file again, and logs a change. Nothing that a file can have ends the periodic task. */
    void look() {
        try {
            Secret content = read();
            if (unusable || !content.matches(last.reveal())) {
                LOG.info("{}: the content of {} is in use", setting, file);
            }
            last = content;
            unusable = false;
        } catch (RuntimeException | Error failure) {
            if (!unusable) {
                LOG.error("The last secret stays in use. {}", failure.getMessage());
            }
            unusable = true;
        }
    }

    @Override
    public String reveal() {
        return last.reveal();
    }
}

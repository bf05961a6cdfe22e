package org.ccmessaging.filestream.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The commit that a checkout is at, read from its files as gitrepository-layout(5) describes them, since a service has
 * no {@code git} command. Edits that are not committed do not show.
 */
final class GitCommit {

    /** SHA-1, or SHA-256 in repositories of that object format. */
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    private static final String LINK = "ref: ";
    private static final String GIT_DIRECTORY = "gitdir: ";

    /** More than Git itself follows (SYMREF_MAXDEPTH). */
    private static final int LONGEST_CHAIN = 5;

    private GitCommit() {
    }

    /**
     * Returns the commit of the checkout that a folder belongs to.
     *
     * @return empty if the folder is in no checkout, the branch has no commit yet, or the files cannot be understood
     */
    static Optional<String> of(Path folder) {
        try {
            // The real path: git-sync gives a link to a worktree, whose parents are those of another checkout.
            for (Path at = folder.toRealPath(); at != null; at = at.getParent()) {
                Path git = at.resolve(".git");
                if (Files.exists(git)) {
                    return commit(directory(git));
                }
            }
            return Optional.empty();
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** A worktree and a submodule have a file that says where their directory is. */
    private static Path directory(Path git) throws IOException {
        if (Files.isDirectory(git)) {
            return git;
        }
        String link = Files.readString(git).strip();
        if (!link.startsWith(GIT_DIRECTORY)) {
            throw new IOException(git + " names no directory");
        }
        return git.resolveSibling(link.substring(GIT_DIRECTORY.length()));
    }

    private static Optional<String> commit(Path git) throws IOException {
        Path common = common(git);
        String value = Files.readString(git.resolve("HEAD")).strip();
        for (int i = 0; i < LONGEST_CHAIN && value.startsWith(LINK); i++) {
            Optional<String> next = read(value.substring(LINK.length()), git, common);
            if (next.isEmpty()) {
                return next;
            }
            value = next.get();
        }
        return Optional.of(value).filter(HASH.asMatchPredicate());
    }

    /** Where the branches of a worktree are. */
    private static Path common(Path git) throws IOException {
        Path file = git.resolve("commondir");
        return Files.exists(file) ? git.resolve(Files.readString(file).strip()) : git;
    }

    private static Optional<String> read(String reference, Path git, Path common) throws IOException {
        if (!reference.startsWith("refs/") || reference.contains("..")) {
            return Optional.empty();
        }
        for (Path place : new Path[] {git, common}) {
            if (Files.isRegularFile(place.resolve(reference))) {
                return Optional.of(Files.readString(place.resolve(reference)).strip());
            }
        }
        return packed(reference, common.resolve("packed-refs"));
    }

    private static Optional<String> packed(String reference, Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.endsWith(" " + reference))
                    .map(line -> line.substring(0, line.indexOf(' '))).findFirst();
        }
    }
}

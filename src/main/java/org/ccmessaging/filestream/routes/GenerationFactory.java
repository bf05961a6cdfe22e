package org.ccmessaging.filestream.routes;

/** Starts generations for {@link Serving}. */
public interface GenerationFactory {

    /**
     * Builds and starts a generation of the frame and the files of authors. No request reaches it yet, and no route of
     * it begins exchanges on its own.
     *
     * @param number counts up from 1
     * @throws RuntimeException if a route cannot be built or started; nothing of the generation is left then
     */
    Generation start(int number, RouteFiles files);

    /** Learns which generation is active, for metrics. */
    void activated(Generation active);
}

# Build:  docker build -t ccmessaging-filestream .
#         buildah bud --format docker -t ccmessaging-filestream .      (the OCI format has no place for a HEALTHCHECK)
# Run:    docker run --read-only --tmpfs /tmp --stop-timeout 75 -p 8080:8080 -e FILESTREAM_AUTH_SIGNING_KEY \
#             -v ./routes:/app/routes:ro -v ./config:/app/config:ro ccmessaging-filestream
# Connectors: -v ./lib:/app/lib:ro, or COPY lib/ /app/lib/ in an image of your own (docs/connectors.md).
# Mounts must be readable for uid 10001. Settings: config/application.yaml says which, each with its variable.

# Base images by digest, so that a build today is a build of the same images tomorrow:
#         docker build --build-arg BUILD_DIGEST=@sha256:… --build-arg RUN_DIGEST=@sha256:… -t ccmessaging-filestream .

# Arguments, since many sites may only pull from a registry of their own. Any image does that has java on its PATH, and
# mvn to build, and bash to run (for the health check): nothing below knows where a base image keeps its JDK.
ARG BUILD_IMAGE=docker.io/library/maven:3-eclipse-temurin-25
ARG RUN_IMAGE=docker.io/library/eclipse-temurin:25-jre
# Empty, or @sha256:…, which wins over the tag.
ARG BUILD_DIGEST=
ARG RUN_DIGEST=


FROM ${BUILD_IMAGE}${BUILD_DIGEST} AS build
WORKDIR /build

COPY pom.xml ./
COPY schemas schemas
# Tests run before an image is built and not in here; without them, an edited test leaves the cached jar valid.
COPY src/main src/main
# The cache keeps the libraries between builds and out of the image. Locked, since two Mavens at once can spoil it.
RUN --mount=type=cache,target=/root/.m2/repository,sharing=locked \
    mvn -B -DskipTests -Djar.tools=true package

# Libraries apart from our own classes: a change of code then uploads and downloads some kilobytes and not all libraries.
# Without Spring's launcher, because a plain jar with its libraries beside it starts faster than jars within a jar.
# Into libraries/, since lib/ is for connectors, as on a host. What unpacks it is in the jar for that alone, and leaves.
RUN java -Djarmode=tools -jar target/ccmessaging-filestream.jar extract --layers --destination layers --libraries libraries \
    && rm layers/dependencies/libraries/spring-boot-jarmode-tools-*.jar

# After Maven, so that an edited route does not build the jar anew.
COPY routes layers/routes
COPY config layers/config
COPY LICENSE layers/licence/
# A checkout keeps the umask of whoever made it; under 077 the service could not read its own routes.
RUN chmod -R u=rwX,go=rX layers


FROM ${RUN_IMAGE}${RUN_DIGEST}
# Routes, settings and relative storage roots (data/…) are found from the working directory.
WORKDIR /app

# What changes least comes first: a layer is reused only as long as all before it are the same. Everything stays root's,
# so that the service cannot change its own code, routes or settings.
COPY --from=build /build/layers/dependencies/ ./
# Empty as long as every library is a release.
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
# Defaults, for mounting over. A mount hides the whole folder, so mount a complete one.
COPY --from=build /build/layers/routes/ ./routes/
COPY --from=build /build/layers/config/ ./config/
COPY --from=build /build/layers/licence/ ./

# Without a locale, Java on Debian takes file names for ASCII and does not find a file named Grüße.txt.
ENV LANG=C.UTF-8
# A user without an entry in /etc/passwd has no home, and Java then says "?". The AWS SDK looks for .aws in it.
ENV HOME=/app

# What keeps memory small (docs/sizing.md#memory). In a file, since JAVA_TOOL_OPTIONS win over it, but not over the ENTRYPOINT.
# InitialHeapSize: Java would begin with a 64th of the machine's memory, and fills it before it collects for the first time.
# TrimNativeHeapInterval: every 10 s malloc returns what the compilers freed, 30 to 40 MB under load. A Java 17 before 17.0.9
# does not know it and would not start.
RUN printf '%s\n' InitialHeapSize=64m TrimNativeHeapInterval=10000 >java.flags

# A training run: Java writes down what it loaded and which code was busy, and starts from that later. The service serves
# downloads meanwhile (deploy/train), so that the compilers know their code from the first one on (JEP 515). Here and not in
# the build stage, since only the Java that wrote it can use it, and only if the class path begins with the same jars. From
# Java 25 on; java.options stays empty before, since Java 17 crashed (SIGSEGV) when it had both an agent and a CDS archive.
RUN --mount=type=tmpfs,target=/tmp --mount=type=bind,source=deploy/train,target=/mnt/train set -e; \
    : >java.options; \
    if java -XX:+PrintFlagsFinal -version 2>/dev/null | grep -qw AOTCacheOutput; then \
        bash /mnt/train -XX:AOTCacheOutput=/app/classes.aot -Xmx256m; \
        chmod a+r classes.aot; \
        echo -XX:AOTCache=/app/classes.aot >java.options; \
    fi

# By number, because Kubernetes' runAsNonRoot cannot tell from a name that it is not root.
USER 10001:10001

# What registries and scanners show (OCI image annotations). Last, since a revision changes with every commit.
# --build-arg REVISION=$(git rev-parse HEAD) --build-arg CREATED=$(git log -1 --format=%cI)
ARG RUN_IMAGE
ARG RUN_DIGEST
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="ccmessaging-filestream" \
      org.opencontainers.image.description="Answers downloadFileStream of a cloud contact centre" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${RUN_IMAGE}${RUN_DIGEST}"

# For whoever reads it; opens nothing. 8080 is the API, 9090 health and metrics, to be kept off the public network.
EXPOSE 8080 9090

# bash opens the connection itself, because a JRE image need not have curl or wget, and a second JVM for each check costs
# seconds of CPU. Not through sh, which is dash in Debian and Ubuntu and cannot do this.
# Liveness: engines and swarms replace an unhealthy container, which heals neither a stopped route nor a store that is down.
# HTTP/1.0, so that the server closes the connection and cat ends; engines keep what it prints (docker inspect). The port
# is set in the environment here; a port set in a mounted config/ has to be set there too.
# timeout, because not every engine ends the process at its own time-out. 60 s to start, for hosts with little CPU.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["timeout", "4", "bash", "-c", "exec 3<>/dev/tcp/localhost/${MANAGEMENT_SERVER_PORT:-9090} && printf 'GET /actuator/health/liveness HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && cat <&3 && [ \"$status\" = 200 ]"]

# Exec form, so that java is process 1 and gets SIGTERM itself: it then lets downloads in flight end, for up to 60 s
# (SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE). Engines kill after 10 s or 30 s unless told to wait longer.
#
# Flags are here and not in JAVA_TOOL_OPTIONS, which whoever adds an agent replaces without seeing what was in it. It is
# still read: -Xmx there wins over MaxRAMPercentage here.
# MaxRAMPercentage: Java takes a quarter of the container's memory unless told. What is not heap (classes, compiled code,
# buffers) was 250 MB under load, so 60 is right for 1 GiB; docs/sizing.md says more.
# Flags: a file that keeps memory small, above.
# ExitOnOutOfMemoryError: a JVM that has run out of memory may go on half dead; a new one is better.
# java.options: where the file of the training run is. If it does not fit, Java starts without it, only slower.
# lib/*: connectors of an installation, at the end of the class path, so that the file of the training run fits with them.
# Java itself reads the asterisk, and a folder that is missing does no harm.
# java.io.tmpdir: Tomcat wants a work folder. With a read-only root file system, mount a tmpfs (or emptyDir) at /tmp.
ENTRYPOINT ["java", "-XX:Flags=/app/java.flags", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-Djava.io.tmpdir=/tmp", \
    "@java.options", "-cp", "ccmessaging-filestream.jar:lib/*", "org.ccmessaging.filestream.FileStreamApplication"]

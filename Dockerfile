# Build:  docker build -t ccmessaging-filestream .
#         buildah bud --format docker -t ccmessaging-filestream .      (the OCI format has no place for a HEALTHCHECK)
# Run:    docker run --read-only --tmpfs /tmp --stop-timeout 75 -p 8080:8080 -e FILESTREAM_AUTH_SIGNING_KEY \
#             -v ./routes:/app/routes:ro -v ./config:/app/config:ro ccmessaging-filestream
# Connectors: -v ./lib:/app/lib:ro, or COPY lib/ /app/lib/ in your own image (docs/editing-routes.md#connectors).
# Mounts must be readable for uid 10001. Settings: config/application.yaml, each with its variable.

# Base images by digest, for repeatable builds:
#         docker build --build-arg BUILD_DIGEST=@sha256:… --build-arg RUN_DIGEST=@sha256:… -t ccmessaging-filestream .

# The build image needs java and mvn on its PATH, the run image java and bash (for the health check).
ARG BUILD_IMAGE=docker.io/library/maven:3-eclipse-temurin-25
ARG RUN_IMAGE=docker.io/library/eclipse-temurin:25-jre
# Empty, or @sha256:…, which takes precedence over the tag.
ARG BUILD_DIGEST=
ARG RUN_DIGEST=


FROM ${BUILD_IMAGE}${BUILD_DIGEST} AS build
WORKDIR /build

COPY pom.xml ./
COPY schemas schemas
# Without the tests, so that an edited test leaves the cached jar valid.
COPY src/main src/main
# The cache keeps the libraries between builds and out of the image. Locked, because concurrent Mavens can corrupt it.
RUN --mount=type=cache,target=/root/.m2/repository,sharing=locked \
    mvn -B -DskipTests package

# A separate layer for the libraries, so that a change of code transfers only some kilobytes. Without Spring's launcher,
# because a plain jar with its libraries beside it starts faster than jars within a jar. The libraries go into libraries/,
# because lib/ is for connectors. The image does not need the jar that unpacks.
RUN java -Djarmode=tools -jar target/ccmessaging-filestream.jar extract --layers --destination layers --libraries libraries \
    && rm layers/dependencies/libraries/spring-boot-jarmode-tools-*.jar

# After Maven, so that an edited route does not build the jar again.
COPY routes layers/routes
COPY config layers/config
COPY LICENSE layers/licence/
# With a checkout under umask 077, the service could not read its own routes.
RUN chmod -R u=rwX,go=rX layers


FROM ${RUN_IMAGE}${RUN_DIGEST}
# Routes, settings and relative storage roots (data/…) are relative to the working directory.
WORKDIR /app

# The layers that change least come first. All files belong to root, so that the service cannot change its own code,
# routes or settings.
COPY --from=build /build/layers/dependencies/ ./
# Empty if every library is a release.
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
# Defaults. A mount hides the whole folder, so mount a complete one.
COPY --from=build /build/layers/routes/ ./routes/
COPY --from=build /build/layers/config/ ./config/
COPY --from=build /build/layers/licence/ ./

# Without a locale, Java on Debian treats file names as ASCII and does not find a file named Grüße.txt.
ENV LANG=C.UTF-8
# A user without an entry in /etc/passwd has no home. The AWS SDK looks for .aws in it.
ENV HOME=/app

# Flags for a small process (docs/deployment.md#memory). In a file, because JAVA_TOOL_OPTIONS override it, but not the ENTRYPOINT.
# InitialHeapSize: by default Java starts with a 64th of the machine's memory, and fills it before the first collection.
# InitiatingHeapOccupancyPercent: with the default of 45, some 42 MB of live objects make G1 mark again and again (decision 0006).
# TrimNativeHeapInterval: every 10 s malloc returns what the compilers freed, 30 to 40 MB under load. Java 17 needs 17.0.9.
RUN printf '%s\n' InitialHeapSize=64m InitiatingHeapOccupancyPercent=70 TrimNativeHeapInterval=10000 >java.flags

# Training run: Java records loaded classes and busy code while the service processes downloads (deploy/train), and starts
# from that record later (JEP 515). In this stage, because only the same Java with the same first jars in its class path can
# use it. From Java 25 on: Java 17 crashed (SIGSEGV) with both an agent and a CDS archive, so java.options stays empty there.
RUN --mount=type=tmpfs,target=/tmp --mount=type=bind,source=deploy/train,target=/mnt/train set -e; \
    : >java.options; \
    if java -XX:+PrintFlagsFinal -version 2>/dev/null | grep -qw AOTCacheOutput; then \
        bash /mnt/train -XX:AOTCacheOutput=/app/classes.aot -Xmx256m; \
        chmod a+r classes.aot; \
        echo -XX:AOTCache=/app/classes.aot >java.options; \
    fi

# By number, because Kubernetes' runAsNonRoot does not accept a name.
USER 10001:10001

# OCI image annotations, for scanners. Last, because a revision changes with every commit.
# --build-arg REVISION=$(git rev-parse HEAD) --build-arg CREATED=$(git log -1 --format=%cI)
ARG RUN_IMAGE
ARG RUN_DIGEST
ARG VERSION=1.0.0
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="ccmessaging-filestream" \
      org.opencontainers.image.description="Answers downloadFileStream of a cloud contact centre" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${RUN_IMAGE}${RUN_DIGEST}"

# 8080 is the API, 9090 health and metrics, to be kept off the public network.
EXPOSE 8080 9090

# With bash, because a JRE image need not have curl or wget, a second JVM for each check costs seconds of CPU, and sh (dash
# in Debian and Ubuntu) cannot open a connection.
# Liveness, because engines replace an unhealthy container, which does not help a stopped route or a store that is down.
# 400: with management.server.ssl, Tomcat refuses a request without TLS. Bash has no TLS, and the service never reports broken
# liveness, so that any response of the port's threads is enough. No certificate is needed.
# HTTP/1.0, so that the server closes the connection. If a mounted config/ sets the port, set MANAGEMENT_SERVER_PORT too.
# timeout, because not every engine ends the process at its own time-out. 60 s to start, for hosts with little CPU.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["timeout", "4", "bash", "-c", "exec 3<>/dev/tcp/localhost/${MANAGEMENT_SERVER_PORT:-9090} && printf 'GET /actuator/health/liveness HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && cat <&3 && [[ $status = 200 || $status = 400 ]]"]

# Exec form, so that java is process 1 and gets SIGTERM itself. Downloads in flight may then continue for up to 60 s
# (SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE). Engines kill after 10 s or 30 s by default.
#
# The flags are not in JAVA_TOOL_OPTIONS, so that an agent can be added there. -Xmx there overrides MaxRAMPercentage here.
# MaxRAMPercentage: the default is a quarter of the container's memory. Memory outside the heap was 250 MB under load, so 60
# is right for 1 GiB (docs/deployment.md#sizing).
# ExitOnOutOfMemoryError: a JVM that has run out of memory may be damaged; a new one is better.
# java.options: the file of the training run. If it does not match, Java starts without it, only slower.
# lib/*: connectors, at the end of the class path, so that the file of the training run still matches. Java expands the
# asterisk, and the folder may be missing.
# java.io.tmpdir: Tomcat's work folder. With a read-only root file system, mount a tmpfs (or emptyDir) at /tmp.
ENTRYPOINT ["java", "-XX:Flags=/app/java.flags", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "-Djava.io.tmpdir=/tmp", \
    "@java.options", "-cp", "ccmessaging-filestream.jar:lib/*", "org.ccmessaging.filestream.FileStreamApplication"]

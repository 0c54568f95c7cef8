# The image of one sidecar: the binary on distroless, no shell, user 65532 (docs/container.md).
# Both bases should be pinned: pass NAME@sha256:… for each (docs/container.md says where they stand).
ARG BUILD_BASE=debian:12-slim
ARG RUNTIME_BASE=gcr.io/distroless/cc-debian12

FROM ${BUILD_BASE} AS build
ARG SOURCE_DATE_EPOCH=0
WORKDIR /src
COPY . .
# The cache of the compiler only saves time; where it is empty, the same comes out.
RUN --mount=type=cache,target=/ccache \
    export CCACHE_DIR=/ccache && scripts/setup && scripts/build release beta-sidecar && \
    scripts/image-files build/release/beta-sidecar /image

FROM ${RUNTIME_BASE}
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG RUNTIME_BASE
LABEL org.opencontainers.image.title="beta-sidecar" \
      org.opencontainers.image.description="L7 proxy beside one service of a Tor-only system" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${RUNTIME_BASE}"
COPY --from=build /image/ /
USER 65532:65532
WORKDIR /
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 \
    CMD ["/beta-sidecar", "healthcheck"]
ENTRYPOINT ["/beta-sidecar"]
CMD ["run", "-c", "/etc/beta/sidecar.yaml"]

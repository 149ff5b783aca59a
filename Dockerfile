# docker build -t external-url-exporter:0.1.0 .
# Both images can be pinned to a digest: --build-arg RUN_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot@sha256:...
ARG BUILD_IMAGE=node:24.21.0-trixie-slim
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY src src
COPY deploy/bundle.ts deploy/packages.ts deploy/sbom.ts deploy/
RUN npx tsc && node deploy/bundle.ts && node deploy/sbom.ts && mkdir cache

FROM ${RUN_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="external-url-exporter" \
      org.opencontainers.image.description="Probes URLs in the background and exports to Prometheus and OpenTelemetry whether each is up and how long it took" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="gcr.io/distroless/nodejs24-debian13:nonroot"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /build/dist ./
# nonroot; a number, since Kubernetes cannot check a name for runAsNonRoot.
USER 65532:65532
# A short run fills the compile cache, so that later starts are faster. Another user than this one does not use it.
ENV NODE_COMPILE_CACHE=/cache
COPY --from=build --chown=65532:65532 /build/cache /cache
RUN ["/nodejs/bin/node", "-e", "const run = require('node:child_process').spawn(process.execPath, ['/app/main.mjs', '--demo', '--web.listen-address=127.0.0.1:0']); setTimeout(() => run.kill(), 5000)"]
EXPOSE 8080
# The exporter is PID 1: it handles SIGTERM itself and has no child processes.
ENTRYPOINT ["/nodejs/bin/node", "/app/main.mjs"]
# With TLS or another port on the web server, replace or disable it (--no-healthcheck). Kubernetes ignores it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
  CMD ["/nodejs/bin/node", "-e", "fetch('http://127.0.0.1:8080/-/healthy').then(({ status }) => process.exit(status === 200 ? 0 : 1), () => process.exit(1))"]

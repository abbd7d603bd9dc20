ARG NODE=24.20.0

# The whole toolchain, only to compile.
FROM node:${NODE}-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

# What runs: no compiler, no tests, no linters. No dependency needs its install script.
FROM node:${NODE}-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:${NODE}-bookworm-slim
LABEL org.opencontainers.image.title="papertape" \
      org.opencontainers.image.description="A mock market-data exchange: replays recorded markets over the vendors' own protocols" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="0.1.0"
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE NOTICE README.md CHANGELOG.md ./
COPY migrations ./migrations
COPY scenarios ./scenarios
# Four generated minutes across an open, which the scenario `open-tape` plays.
COPY fixtures/tapes ./fixtures/tapes
# Where uploads go; mount a volume to keep them.
RUN mkdir /data && chown node:node /data
# Inside a container loopback is the container's own; publish the ports on the loopback of the host instead. The admin API answers others
# than the container only when PAPERTAPE_ADMIN_TOKEN is set.
ENV NODE_ENV=production \
    PAPERTAPE_HOST=0.0.0.0 \
    PAPERTAPE_PORT=8765 \
    PAPERTAPE_ADMIN_PORT=8766 \
    PAPERTAPE_DATA=/data
USER node
EXPOSE 8765 8766
STOPSIGNAL SIGTERM
# With TLS too, whoever made the certificate.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "const { PAPERTAPE_PORT: port, PAPERTAPE_TLS: tls, PAPERTAPE_TLS_CERT: cert } = process.env; require(cert || /^(1|true|yes|on)$/i.test(tls) ? 'https' : 'http').get({ host: '127.0.0.1', port, path: '/health', rejectUnauthorized: false }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/bin/papertape.js"]
CMD ["serve"]

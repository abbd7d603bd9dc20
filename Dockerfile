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
# The recorded tape of the README's scenario.
COPY fixtures/tapes ./fixtures/tapes
# Inside a container loopback is the container's own; publish the port on the loopback of the host instead.
ENV NODE_ENV=production \
    PAPERTAPE_HOST=0.0.0.0 \
    PAPERTAPE_PORT=8765
USER node
EXPOSE 8765
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PAPERTAPE_PORT}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/bin/papertape.js"]
CMD ["serve"]

# The engine with a PostgreSQL of your own: compose.yml has both. docs/operations.md#in-containers says how.
FROM node:20-bookworm-slim AS build
WORKDIR /laurel
COPY package.json package-lock.json .npmrc ./
COPY scripts ./scripts
RUN node scripts/ensure-installed.mjs
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY migrations ./migrations
RUN npm run build

FROM node:20-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 LAUREL_DATA_DIR=/var/lib/laurel
WORKDIR /laurel
COPY package.json package-lock.json .npmrc LICENSE ./
COPY scripts ./scripts
# Without the embedded PostgreSQL: a container has the database of another one.
RUN npm ci --omit=dev --omit=optional && npm cache clean --force
COPY --from=build /laurel/dist ./dist
# A volume that is mounted here takes this owner when it is made.
RUN mkdir /var/lib/laurel && chown node:node /var/lib/laurel
USER node
VOLUME /var/lib/laurel
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# As the first process: it has handlers for SIGTERM and SIGINT, and waits for its threads.
CMD ["node", "--max-semi-space-size=64", "dist/src/main.js"]

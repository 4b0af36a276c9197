# docker build -t bindery .
# docker run -p 8080:8080 -v bindery-data:/var/lib/bindery bindery
FROM node:22-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
# The developer portal is built with Node. npm from Debian would bring some 300 packages with it.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /src
COPY . .
RUN scripts/build

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/bindery bindery \
    && install -d -o bindery -g bindery -m 0750 /var/lib/bindery
COPY --from=build /src/target/release/bindery /usr/bin/bindery
USER bindery
ENV BINDERY_DATA_DIR=/var/lib/bindery BINDERY_LISTEN=0.0.0.0:8080 BINDERY_LOG_FORMAT=json
VOLUME /var/lib/bindery
EXPOSE 8080
ENTRYPOINT ["bindery"]
CMD ["serve"]

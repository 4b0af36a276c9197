# docker build -t bindery .
# docker run -p 8080:8080 -v bindery-data:/var/lib/bindery bindery
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package bindery

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

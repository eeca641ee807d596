# Every server that the gallery runs, in one image: docker build -f base.Dockerfile .
ARG BASE=debian:12
FROM ${BASE} AS node-parts
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates npm
WORKDIR /opt/gallery
COPY node/ ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${BASE}
COPY image/ /tmp/image/
RUN grep -v '^#' /tmp/image/excludes.txt | sed 's/^/path-exclude=/' > /etc/dpkg/dpkg.cfg.d/gallery \
    && apt-get update \
    && grep -v '^#' /tmp/image/packages.txt \
       | DEBIAN_FRONTEND=noninteractive xargs apt-get install -y --no-install-recommends \
    && rm -rf /tmp/image /var/lib/apt/lists/* /var/lib/postgresql/15 \
    && install -d -o www-data -g www-data /var/lib/ipfs /var/lib/ethereum
COPY --from=node-parts /opt/gallery/node_modules /opt/gallery/node_modules

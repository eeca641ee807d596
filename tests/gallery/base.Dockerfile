# Every server that the gallery runs, in one image: docker build -f base.Dockerfile .
ARG BASE=debian:12
FROM ${BASE} AS node-parts
ARG BED=by-hand
LABEL gallery-ops.demo.bed=${BED}
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates npm
WORKDIR /work
COPY node/ ./
RUN npm ci --ignore-scripts --no-audit --no-fund && sh bundle.sh /opt/gallery/node

FROM ${BASE}
ARG BED=by-hand
LABEL gallery-ops.demo.bed=${BED}
COPY image/ /tmp/image/
RUN grep -v '^#' /tmp/image/excludes.txt | sed 's/^/path-exclude=/' > /etc/dpkg/dpkg.cfg.d/gallery \
    && apt-get update \
    && grep -v '^#' /tmp/image/packages.txt \
       | DEBIAN_FRONTEND=noninteractive xargs apt-get install -y --no-install-recommends \
    && rm -rf /tmp/image /var/lib/apt/lists/* /var/lib/postgresql/15 \
    && install -d -o www-data -g www-data /var/lib/ipfs /var/lib/ethereum
COPY --from=node-parts /opt/gallery/node /opt/gallery/node

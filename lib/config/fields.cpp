// SPDX-License-Identifier: MIT
#include "config/fields.hpp"

#include <fmt/format.h>

#include <utility>

namespace config {
namespace {

Fields fields_of(DockerHost& host);
Fields fields_of(Docker& docker);
Fields fields_of(Service& service);
Fields fields_of(Endpoint& endpoint);
Fields fields_of(Postgres& postgres);
Fields fields_of(Redis& redis);
Fields fields_of(Ipfs& ipfs);
Fields fields_of(Monitor& monitor);
Fields fields_of(Prometheus& prometheus);
Fields fields_of(Contract& contract);
Fields fields_of(Ethereum& ethereum);
Fields fields_of(Thresholds& limits);
Fields fields_of(Webhook& hook);
Fields fields_of(Ping& ping);
Fields fields_of(Notify& notify);
Fields fields_of(Logs& logs);

template <class Section>
Group group(Section& section) {
    return {[] { return true; }, [&section] { return fields_of(section); }};
}

template <class Section>
Group group(std::optional<Section>& section) {
    return {[&section] { return section.has_value(); },
            [&section] {
                if (!section) section.emplace();
                return fields_of(*section);
            }};
}

enum class Form : std::uint8_t { list, list_or_one };

template <class Section>
List list(std::vector<Section>& sections, Form form, std::string_view short_form = {}) {
    return {[&sections] {
                std::vector<Fields> items;
                items.reserve(sections.size());
                for (auto& section : sections)
                    items.push_back(fields_of(section));
                return items;
            },
            [&sections] { return fields_of(sections.emplace_back()); }, form == Form::list_or_one,
            short_form};
}

Named named(std::map<std::string, Service>& services) {
    return {[&services] {
                std::vector<std::pair<std::string, Fields>> items;
                items.reserve(services.size());
                for (auto& [name, service] : services)
                    items.emplace_back(name, fields_of(service));
                return items;
            },
            [&services](const std::string& name) {
                auto& service = services[name];
                service.name = name;
                return fields_of(service);
            }};
}

constexpr Need k_optional = Need::optional;
constexpr Need k_required = Need::required;
constexpr std::string_view k_service_doc =
    "The compose service behind it: joins its trouble with the container's.";

Fields fields_of(Tls& tls) {
    return {
        {"ca_file", Type::file, k_optional,
         "PEM file with the certificate authority to trust, in place of the system's.",
         &tls.ca_file},
        {"cert_file", Type::file, k_optional,
         "PEM file with the client's certificate; needs key_file.", &tls.cert_file},
        {"key_file", Type::file, k_optional, "PEM file with the client's key; needs cert_file.",
         &tls.key_file},
        {"verify", Type::flag, k_optional,
         "Whether the server's certificate must be acceptable; false hides an attacker.",
         &tls.verify},
    };
}

Fields operator+(Fields fields, Fields more) {
    for (auto& field : more)
        fields.push_back(std::move(field));
    return fields;
}

Fields fields_of(DockerHost& host) {
    return Fields{
               {"name", Type::name, k_optional,
                "What it is called when there are several; the host of its url when left out.",
                &host.name},
               {"url", Type::docker_url, k_required,
                "unix:///var/run/docker.sock, tcp://host:2376 (TLS) or tcp://host:2375.",
                &host.url},
           }
           + fields_of(host.tls);
}

Fields fields_of(Docker& docker) {
    return {
        {"hosts", Type::sections, k_optional,
         "The Engines that run the gallery; $DOCKER_HOST or the local socket when left out. A "
         "text stands for a map with that url.",
         list(docker.hosts, Form::list, "url")},
        {"compose_file", Type::file, k_optional,
         "The compose file; found by the containers' labels when left out.", &docker.compose_file},
    };
}

Fields fields_of(Service& service) {
    return {
        {"expected", Type::expected, k_optional,
         "running, completed (a one-shot that ended with 0) or absent; else what the compose file "
         "says.",
         &service.expected},
        {"replicas", Type::whole, k_optional,
         "How many containers it must have; else what the compose file says.", &service.replicas},
        {"component", Type::text, k_optional,
         "The playbook's component: frontend, gan, contracts, database.", &service.component},
    };
}

Fields fields_of(Endpoint& endpoint) {
    return Fields{
               {"name", Type::name, k_required, "What it is called in reports.", &endpoint.name},
               {"url", Type::http_url, k_required, "What is asked: http:// or https://.",
                &endpoint.url},
               {"service", Type::text, k_optional, k_service_doc, &endpoint.service},
               {"method", Type::method, k_optional, "GET or HEAD.", &endpoint.method},
               {"host_header", Type::text, k_optional,
                "The Host to ask for (and the TLS server name), where it is not the url's.",
                &endpoint.host_header},
               {"headers", Type::secrets, k_optional, "Further headers of the request.",
                &endpoint.headers},
               {"expect_status", Type::statuses, k_optional,
                "The status, or list of them, that is well.", &endpoint.expect_status},
               {"expect_body", Type::pattern, k_optional,
                "Must occur in the body; 're:…' is an ECMAScript regular expression.",
                &endpoint.expect_body},
               {"expect_headers", Type::texts, k_optional,
                "Header names and texts that their values must hold.", &endpoint.expect_headers},
               {"max_latency", Type::duration, k_optional,
                "Slower than this is a warning; thresholds.latency when left out.",
                &endpoint.max_latency},
           }
           + fields_of(endpoint.tls);
}

Fields fields_of(Postgres& postgres) {
    return {
        {"name", Type::name, k_optional, "What it is called; 'postgres' when it is the only one.",
         &postgres.name},
        {"dsn", Type::dsn, k_required,
         "Connection string: 'host=… port=… user=… dbname=…' or postgresql://…. A password in it "
         "counts as password.",
         &postgres.dsn},
        {"password", Type::secret, k_optional, "The role's password.", &postgres.password},
        {"service", Type::text, k_optional, k_service_doc, &postgres.service},
    };
}

Fields fields_of(Redis& redis) {
    return Fields{
               {"name", Type::name, k_optional,
                "What it is called; 'redis' when it is the only one.", &redis.name},
               {"url", Type::redis_url, k_required,
                "redis://host:port/db, or rediss:// for TLS. User and password in it count as "
                "username and password.",
                &redis.url},
               {"username", Type::text, k_optional, "ACL user (Redis 6 and later).",
                &redis.username},
               {"password", Type::secret, k_optional, "The password (requirepass, or the user's).",
                &redis.password},
               {"queues", Type::words, k_optional,
                "Keys whose length is watched (lists and streams of jobs).", &redis.queues},
               {"service", Type::text, k_optional, k_service_doc, &redis.service},
           }
           + fields_of(redis.tls);
}

Fields fields_of(Ipfs& ipfs) {
    return {
        {"name", Type::name, k_optional, "What it is called; 'ipfs' when it is the only one.",
         &ipfs.name},
        {"api", Type::http_url, k_required, "RPC API: http://host:5001.", &ipfs.api},
        {"gateway", Type::http_url, k_optional,
         "HTTP gateway: http://host:8080. Without it no content is fetched.", &ipfs.gateway},
        {"cid", Type::text, k_optional,
         "The content to fetch through the gateway; the node's first pin when left out.",
         &ipfs.cid},
        {"service", Type::text, k_optional, k_service_doc, &ipfs.service},
    };
}

Fields fields_of(Monitor& monitor) {
    return Fields{
               {"url", Type::http_url, k_required,
                "http:// or https://. User and password in it count as username and password.",
                &monitor.url},
               {"username", Type::text, k_optional, "User for basic authentication.",
                &monitor.username},
               {"password", Type::secret, k_optional, "Password for basic authentication.",
                &monitor.password},
               {"bearer_token", Type::secret, k_optional, "Token, in place of user and password.",
                &monitor.bearer_token},
               {"service", Type::text, k_optional, k_service_doc, &monitor.service},
           }
           + fields_of(monitor.tls);
}

Fields fields_of(Prometheus& prometheus) {
    return fields_of(static_cast<Monitor&>(prometheus))
           + Fields{
               {"error_rate_query", Type::text, k_optional,
                "PromQL in place of the built-in error rate: a vector with the label 'service', "
                "as a share from 0 to 1.",
                &prometheus.error_rate_query},
               {"generation_query", Type::text, k_optional,
                "PromQL for the time that a generation takes, in seconds: a scalar or a vector of "
                "one.",
                &prometheus.generation_query},
               {"window", Type::duration, k_optional,
                "How far the built-in error rate and generation time look back; at least four "
                "scrapes.",
                &prometheus.window},
           };
}

Fields fields_of(Contract& contract) {
    return {
        {"name", Type::name, k_required, "What it is called in reports.", &contract.name},
        {"address", Type::address, k_required, "0x and 40 hexadecimal digits.", &contract.address},
    };
}

Fields fields_of(Ethereum& ethereum) {
    return {
        {"rpc", Type::http_url, k_required, "JSON-RPC of a node: http:// or https://.",
         &ethereum.rpc},
        {"chain_id", Type::whole, k_optional, "The chain that the node must be on.",
         &ethereum.chain_id},
        {"contracts", Type::sections, k_optional, "The gallery's contracts; each must have code.",
         list(ethereum.contracts, Form::list)},
        {"service", Type::text, k_optional, k_service_doc, &ethereum.service},
    };
}

Fields fields_of(Thresholds& limits) {
    return {
        {"cpu", Type::share, k_optional, "Processor time of the host, and of a service's quota.",
         &limits.cpu},
        {"memory", Type::share, k_optional, "Memory of the host, and of a container's limit.",
         &limits.memory},
        {"disk", Type::share, k_optional, "Space of a file system.", &limits.disk},
        {"inodes", Type::share, k_optional, "Inodes of a file system.", &limits.inodes},
        {"error_rate", Type::share, k_optional, "Requests answered with 5xx.", &limits.error_rate},
        {"latency", Type::duration, k_optional, "Answer time of an endpoint.", &limits.latency},
        {"connections", Type::share, k_optional, "Connections of Postgres' max_connections.",
         &limits.connections},
        {"longest_transaction", Type::duration, k_optional, "Age of the oldest transaction.",
         &limits.longest_transaction},
        {"replication_lag", Type::duration, k_optional, "How far a Postgres replica is behind.",
         &limits.replication_lag},
        {"cache_hit", Type::share, k_optional,
         "Reads that Postgres answers from its cache; less is a warning.", &limits.cache_hit},
        {"wraparound", Type::share, k_optional,
         "Transactions used of the 2^31 after which Postgres stops.", &limits.wraparound},
        {"redis_memory", Type::share, k_optional, "Memory of Redis' maxmemory.",
         &limits.redis_memory},
        {"last_save", Type::duration, k_optional, "Age of Redis' last snapshot.",
         &limits.last_save},
        {"ipfs_repo", Type::share, k_optional, "Space of the IPFS repository's StorageMax.",
         &limits.ipfs_repo},
        {"certificate_warning", Type::duration, k_optional,
         "A certificate that ends sooner is a warning.", &limits.certificate_warning},
        {"certificate_critical", Type::duration, k_optional,
         "A certificate that ends sooner is critical.", &limits.certificate_critical},
        {"head_age", Type::duration, k_optional, "Age of the chain's newest block.",
         &limits.head_age},
        {"gas_price_gwei", Type::number, k_optional, "Gas price in gwei.", &limits.gas_price_gwei},
        {"gan_queue", Type::whole, k_optional, "Jobs that wait for the GAN.", &limits.gan_queue},
        {"generation", Type::duration, k_optional, "95th percentile of the time of a generation.",
         &limits.generation},
        {"gpu_memory", Type::share, k_optional, "Memory of a GPU.", &limits.gpu_memory},
        {"restarts", Type::whole, k_optional,
         "Restarts of a container from which on it is a finding.", &limits.restarts},
    };
}

Fields fields_of(Webhook& hook) {
    return Fields{
               {"name", Type::name, k_required, "What --notify webhook:NAME calls it.", &hook.name},
               {"url", Type::secret_url, k_required, "Where the report is posted to, as JSON.",
                &hook.url},
               {"headers", Type::secrets, k_optional, "Further headers of the request.",
                &hook.headers},
               {"when", Type::when, k_optional,
                "change: a problem is new, worse or over; problem: after each run that has one; "
                "always.",
                &hook.when},
           }
           + fields_of(hook.tls);
}

Fields fields_of(Ping& ping) {
    return Fields{
               {"name", Type::name, k_required, "What --notify ping:NAME calls it.", &ping.name},
               {"url", Type::secret_url, k_required, "Fetched after each run.", &ping.url},
               {"fail_url", Type::secret_url, k_optional,
                "Fetched instead when the exit code is not 0.", &ping.fail_url},
           }
           + fields_of(ping.tls);
}

Fields fields_of(Notify& notify) {
    return {
        {"webhooks", Type::sections, k_optional, "Chats and other programs that take a POST.",
         list(notify.webhooks, Form::list)},
        {"pings", Type::sections, k_optional,
         "Dead man's switches, which raise the alarm when no call comes.",
         list(notify.pings, Form::list)},
        {"after", Type::duration, k_optional,
         "A problem is told once it has lasted so long; at once when left out.", &notify.after},
        {"keep", Type::duration, k_optional,
         "How long an alert stands in the Alertmanager that no later run renews; longer than the "
         "time between two runs.",
         &notify.keep},
    };
}

Fields fields_of(Logs& logs) {
    return {
        {"proxies", Type::networks, k_optional,
         "Proxies in front of the gallery: what they write into X-Forwarded-For is believed.",
         &logs.proxies},
        {"allow", Type::networks, k_optional,
         "Addresses that are never listed as suspicious: the office, a monitoring service.",
         &logs.allow},
    };
}

} // namespace

Fields fields_of(Config& config) {
    Given& given = config.given;
    return {
        {"project", Type::text, k_optional,
         "The compose project; $COMPOSE_PROJECT_NAME, or the only one on the Engine, when left "
         "out.",
         &config.project},
        {"docker", Type::section, k_optional, "Where the containers run.", group(config.docker),
         &given.docker},
        {"services", Type::named_sections, k_optional,
         "What is expected of services, by name, beyond what the compose file says.",
         named(config.services)},
        {"endpoints", Type::sections, k_optional, "What is asked over HTTP.",
         list(config.endpoints, Form::list_or_one), &given.endpoints},
        {"postgres", Type::sections, k_optional, "PostgreSQL servers: one map or a list.",
         list(config.postgres, Form::list_or_one), &given.postgres},
        {"redis", Type::sections, k_optional, "Redis servers: one map or a list.",
         list(config.redis, Form::list_or_one), &given.redis},
        {"ipfs", Type::sections, k_optional, "IPFS nodes: one map or a list.",
         list(config.ipfs, Form::list_or_one), &given.ipfs},
        {"prometheus", Type::section, k_optional, "The Prometheus that watches the gallery.",
         group(config.prometheus), &given.prometheus},
        {"alertmanager", Type::section, k_optional, "The Alertmanager that it sends to.",
         group(config.alertmanager), &given.alertmanager},
        {"grafana", Type::section, k_optional, "The Grafana that shows it.", group(config.grafana),
         &given.grafana},
        {"ethereum", Type::section, k_optional, "The chain that the gallery's contracts live on.",
         group(config.ethereum), &given.ethereum},
        {"thresholds", Type::section, k_optional,
         "The limits of the daily check; the defaults are the playbook's.",
         group(config.thresholds)},
        {"sla", Type::tree, k_optional, "Objectives, as written; read by later commands.",
         &config.sla},
        {"owners", Type::texts, k_optional,
         "Which team acts: component or playbook section, and team.", &config.owners},
        {"contacts", Type::texts, k_optional, "How a team is reached: team, and address.",
         &config.contacts},
        {"backups", Type::unread, k_optional, "Backup sets; not read by this version.", {}},
        {"capacity",
         Type::unread,
         k_optional,
         "Capacity limits and costs; not read by this version.",
         {}},
        {"dr",
         Type::unread,
         k_optional,
         "Disaster recovery environments and scenarios; not read by this version.",
         {}},
        {"notify", Type::section, k_optional, "Who can be told after a run: --notify.",
         group(config.notify)},
        {"logs", Type::section, k_optional, "Whose addresses count in logs.", group(config.logs)},
    };
}

} // namespace config

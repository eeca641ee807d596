// SPDX-License-Identifier: MIT
#include "support/sample_reports.hpp"

#include "report/enrich.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace support {
namespace {

using namespace std::chrono_literals;
using core::Finding;
using core::Verdict;
using report::Report;

core::Time at(const char* time) {
    return *core::parse_rfc3339(time);
}

Finding finding(std::string id, std::string group, Verdict verdict, std::string subject,
                std::string message, std::string brief = {}) {
    Finding made;
    made.id = std::move(id);
    made.title = "Check of " + made.id;
    made.group = std::move(group);
    made.verdict = verdict;
    made.subject = std::move(subject);
    made.message = std::move(message);
    made.brief = std::move(brief);
    made.playbook = "daily/system-health-check";
    made.duration = 12ms;
    return made;
}

core::Measured share(double value, double warn) {
    core::Measured made;
    made.value = value;
    made.unit = "%";
    made.warn = warn;
    return made;
}

Report start(std::string scope) {
    Report made;
    made.command = "health";
    made.project = "gallery";
    made.host = "ops-1";
    made.run_id = "20260105T080512Z-00000-1";
    made.scope = std::move(scope);
    made.started_at = sample_now();
    made.duration = 1100ms;
    return made;
}

void add_healthy(Report& to) {
    const auto ok = [&to](std::string id, std::string group, std::string subject,
                          std::string message, std::string brief) {
        to.findings.push_back(finding(std::move(id), std::move(group), Verdict::ok,
                                      std::move(subject), std::move(message), std::move(brief)));
    };
    ok("health.http.frontend", "endpoints", "frontend", "HTTP 200 in 8 ms; expected 200",
       "frontend 200 in 8 ms");
    ok("health.certificate.proxy", "endpoints", "proxy", "certificate valid for 61 days",
       "proxy 200 in 5 ms, certificate 61 days");
    ok("health.redis.redis", "redis", "redis", "PONG in 1 ms", "PONG in 1 ms");
    ok("health.redis-memory.redis", "redis", "redis", "84 of 256 MiB (limit 85 %)",
       "84 of 256 MiB");
    ok("health.redis-save.redis", "redis", "redis", "saved 2 min ago (limit 26h)",
       "saved 2 min ago");
    ok("health.ipfs.ipfs", "ipfs", "ipfs", "0.18.0, 1.2 of 10 GiB",
       "0.18.0 · 1.2 of 10 GiB · pinned CID verified in 14 ms");
    ok("health.ethereum.chain", "ethereum", "chain", "chain 31337, head 4 s old",
       "chain 31337 · head 4 s old · gas 1.2 gwei");
    ok("health.prometheus.prometheus", "monitoring", "prometheus", "9 of 10 targets up",
       "Prometheus 9 of 10 targets up");
    ok("health.alerts.alertmanager", "monitoring", "alertmanager", "no other alert firing",
       "no other alert firing");
    ok("health.cpu.host", "host", "ops-1", "22 % (limit 80 %)", "cpu 22 %");
    ok("health.memory.host", "host", "ops-1", "61 % (limit 85 %)", "memory 61 %");
    ok("health.network.host", "host", "ops-1", "as usual", "network as usual");
}

Report bad_day() {
    auto made = start("14 services on 1 host");
    auto postgres = finding("health.services.postgres", "services", Verdict::critical, "postgres",
                            "exited 4 min ago, OOM-killed (137) · used 511.8 of 512 MiB");
    postgres.component = "postgres";
    postgres.target = "unix:///var/run/docker.sock";
    postgres.since = at("2026-01-05T08:01:12Z");
    postgres.evidence = {
        {"log", "08:01:12 LOG:  server process (PID 71) was terminated by signal 9: Killed"}};
    postgres.remediation = "docker-compose up -d postgres; its memory limit has been reached 3 "
                           "times this week";
    core::Measured memory;
    memory.value = std::int64_t{536'661'197};
    memory.unit = "bytes";
    memory.max = 536'870'912;
    postgres.measured = memory;
    made.findings.push_back(postgres);

    auto gan = finding("health.http.gan-service", "endpoints", Verdict::critical, "gan-service",
                       "/health 503 in 12 ms");
    gan.since = at("2026-01-05T08:01:20Z");
    gan.caused_by = {"health.services.postgres"};
    made.findings.push_back(gan);
    auto api =
        finding("health.http.api", "endpoints", Verdict::critical, "api", "/health 503 in 9 ms");
    api.since = gan.since;
    api.caused_by = {"health.services.postgres"};
    made.findings.push_back(api);
    auto exporter = finding("health.targets.pg-exporter", "monitoring", Verdict::warning,
                            "pg-exporter", "target down in Prometheus");
    exporter.since = gan.since;
    exporter.caused_by = {"health.http.api"}; // a chain: hangs under postgres all the same
    made.findings.push_back(exporter);

    auto disk = finding("health.disk.data", "host", Verdict::warning, "disk",
                        "/var/lib/docker 91.2 % of 200 GiB (limit 90 %) · +1.1 GiB a day, full in "
                        "16 days");
    disk.measured = share(91.2, 90);
    disk.playbook = "monthly/capacity-planning";
    disk.remediation = "docker system df · gallery-ops capacity --metric disk";
    made.findings.push_back(disk);
    add_healthy(made);
    report::enrich(made, {}, {});
    return made;
}

Report good_day() {
    auto made = start("14 services on 1 host");
    add_healthy(made);
    made.findings.insert(made.findings.begin(),
                         finding("health.services.all", "services", Verdict::ok, "services",
                                 "14 running, 1 completed", "14 running · 1 completed"));
    made.notes = {"2 services run an older image than their compose file names"};
    report::enrich(made, {}, {});
    return made;
}

/// The observer's own trouble: nothing could be seen, and all of it follows from one thing.
Report unknowns() {
    auto made = start("nothing: the resolver does not answer");
    auto self = finding("health.self.resolver", "observer", Verdict::unknown, "resolver",
                        "no answer from 127.0.0.53 in 5.0 s (dns, after 5.0 s)");
    self.remediation = "resolvectl status; then run this again";
    made.findings.push_back(self);
    for (const char* name : {"frontend", "api", "gan-service"}) {
        auto blind = finding(std::string{"health.http."} + name, "endpoints", Verdict::unknown,
                             name, "not seen: its name could not be looked up");
        blind.caused_by = {"health.self.resolver"};
        made.findings.push_back(blind);
    }
    made.interrupted = true;
    report::enrich(made, {}, {});
    return made;
}

Report all_skipped() {
    auto made = start("0 services");
    for (const char* name : {"redis", "ipfs", "ethereum"}) {
        made.findings.push_back(finding(std::string{"health."} + name, name, Verdict::skipped, name,
                                        "not configured and not found"));
    }
    report::enrich(made, {}, {});
    return made;
}

Report long_names() {
    auto made = start("128 services on 12 hosts with rather long names in eu-central-1 and others");
    made.project = "generative-art-gallery-production-eu-central-1";
    auto endpoint = finding(
        "health.http.gallery-production-image-generation-worker-0001", "endpoints",
        Verdict::critical, "gallery-production-image-generation-worker-0001",
        "HTTP 502 in 12 ms; expected 200 from "
        "https://gallery-production-image-generation-worker-0001.internal.example/health/deep?"
        "with=every&dependency=true and so on for a while, 1 234.5 of 2 048 MiB used");
    endpoint.since = at("2025-12-24T18:30:00Z");
    endpoint.evidence = {{"log", std::string(300, 'x')},
                         {"log", "line 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7"}};
    made.findings.push_back(endpoint);
    auto child = finding("health.http.child", "endpoints", Verdict::unknown,
                         "gallery-production-image-generation-api-0002",
                         "no answer in 5.0 s (connected after 2 ms), and before that 17 of 20 "
                         "requests ended in 5xx, 85 % (limit 1 %)");
    child.caused_by = {endpoint.id};
    child.since = endpoint.since;
    made.findings.push_back(child);
    for (int i = 0; i < 12; ++i) {
        made.findings.push_back(finding("health.http.worker-" + std::to_string(i), "endpoints",
                                        Verdict::ok, "worker-" + std::to_string(i),
                                        "HTTP 200 in 8 ms",
                                        "worker-" + std::to_string(i) + " 200 in 8 ms"));
    }
    report::enrich(made, {}, {});
    return made;
}

/// Problems with a past: one flaps, one lasts, one is new.
Report recurring() {
    auto made = start("14 services on 1 host");
    auto flapping = finding("health.http.api", "endpoints", Verdict::critical, "api",
                            "HTTP 502 in 9 ms; expected 200");
    flapping.since = at("2026-01-05T05:01:00Z");
    flapping.recurrence = core::Recurrence{.times = 4, .window = 168h};
    made.findings.push_back(flapping);
    auto lasting = finding("health.disk.data", "host", Verdict::warning, "disk",
                           "/var/lib/docker 91.2 % of 200 GiB (limit 90 %)");
    lasting.since = at("2026-01-02T11:00:00Z");
    lasting.recurrence = core::Recurrence{.times = 1, .window = 168h};
    made.findings.push_back(lasting);
    auto again =
        finding("health.network-baseline.eth0.in", "host", Verdict::warning, "eth0.in",
                "101.2 MiB/s, usually 1.4 MiB/s and in 99 of 100 samples at most 9.1 MiB/s "
                "(limit 13.6 MiB/s; 672 samples over 7 days)");
    again.recurrence = core::Recurrence{.times = 22, .window = 168h};
    made.findings.push_back(again);
    auto fresh = finding("health.gan-queue.jobs", "gan", Verdict::warning, "jobs",
                         "51 jobs wait (limit 50)");
    fresh.recurrence = core::Recurrence{.times = 1, .window = 168h};
    made.findings.push_back(fresh);
    made.notes = {"this run is not in the history /state/history.db: no space "
                  "left; make room, or keep less: gallery-ops history prune --older-than 30d"};
    report::enrich(made, {}, {});
    return made;
}

/// What a hostile or foreign target may send.
Report awkward_text() {
    auto made = start("3 services");
    made.project = "画廊";
    auto wide = finding("health.http.画廊前端", "endpoints", Verdict::warning, "画廊前端服务",
                        "响应 1.4 s (limit 1 s) · 東京からの遅延が大きい · naïve café – 5 µs");
    wide.remediation = "curl -v http://画廊.example/";
    made.findings.push_back(wide);
    auto hostile = finding("health.http.evil", "endpoints", Verdict::critical, "ev\x1b[31mil",
                           "\x1b]0;owned\x07 <script>alert(1)</script> | a \"b\" & "
                           "100% \xff\xfe \xE2\x80\xAEgnp.exe\n::error::injected");
    hostile.evidence = {{"log", "first\r\nsecond \x1b[2J\nthird | pipe `tick` @everyone"}};
    hostile.remediation = "rm -rf /tmp/'x' && echo $(id)";
    core::Measured measured;
    measured.value = std::string{"a|b='c'\n"};
    hostile.measured = measured;
    made.findings.push_back(hostile);
    auto odd = finding("health.http.odd", "endpoints", Verdict::ok, "", "", "");
    core::Measured infinite;
    infinite.value = INFINITY;
    infinite.unit = "s";
    odd.measured = infinite;
    made.findings.push_back(odd);
    made.notes = {"a note with \x1b[0m and 東京"};
    report::enrich(made, {}, {});
    return made;
}

report::Block services_table() {
    report::Table table;
    table.columns = {"service", "container", "state", "health", "restarts", "cpu %", "verdict"};
    table.rows = {
        {std::string{"postgres"}, std::string{"gallery_postgres_1"}, std::string{"exited"},
         report::Cell{}, std::int64_t{3}, report::Cell{}, std::string{"critical"}},
        {std::string{"frontend"}, std::string{"gallery_frontend_1"}, std::string{"running"},
         std::string{"healthy"}, std::int64_t{0}, 1.25, std::string{"ok"}},
        {std::string{"gan-service"}, std::string{"gallery_gan-service_1"}, std::string{"running"},
         std::string{"healthy"}, std::int64_t{12}, 104.5, std::string{"ok"}},
        {std::string{"画廊"}, std::string{"gallery_画廊_1"}, std::string{"running"}}};
    return {"services", "Services", table};
}

Report blocks() {
    auto made = start("4 services on 1 host");
    made.findings = {finding("health.services.all", "services", Verdict::ok, "services",
                             "4 running", "4 running")};
    made.details.push_back(services_table());
    report::Series series{.unit = "GiB"};
    for (int i = 0; i < 60; ++i) {
        const double value = i == 30 ? NAN : 140 + i + 5 * std::sin(i / 3.0);
        series.points.emplace_back(sample_now() - std::chrono::hours{60 - i}, value);
    }
    made.details.push_back({"disk", "Disk /var/lib/docker", series});
    made.details.push_back(
        {"timeline", "What happened",
         report::Timeline{{{sample_now(), "inject", "postgres volume removed", "postgres"},
                           {sample_now() + 2100ms, "observe", "first failure: /health 503", "api"},
                           {sample_now() + 222700ms, "recover", "first success", ""}}}});
    made.details.push_back({"facts", "Facts",
                            report::Pairs{{{"chain", std::int64_t{31337}},
                                           {"gas price", 1.25},
                                           {"node", std::string{"Geth/v1.13.5-stable/linux"}},
                                           {"peers", report::Cell{}}}}});
    made.details.push_back(
        {"explain", "Why", report::Text{"first paragraph\n\n  second, indented"}, true});
    made.details.push_back({"empty", "Nothing here", report::Table{{"a", "b"}, {}}});
    return made;
}

Report located() {
    auto made = start("412 files, 96 rules");
    made.command = "audit";
    auto cors = finding("audit.GO-SEC-014.main", "security", Verdict::critical, "GO-SEC-014",
                        "CORS allows any origin with credentials");
    cors.location = core::Location{"gan-service/main.py", 31, 5, 31};
    cors.playbook = "weekly/security-review";
    cors.remediation = "list the origins: allow_origins=[\"https://gallery.example\"]";
    made.findings = {cors};
    auto tool =
        finding("audit.pip-audit", "dependencies", Verdict::unknown, "pip-audit", "not installed");
    made.findings.push_back(tool);
    report::enrich(made, {{"weekly/security-review", "Red Team"}}, {{"red", "red@example.org"}});
    return made;
}

} // namespace

core::Time sample_now() {
    return at("2026-01-05T08:05:12Z");
}

const std::vector<SampleReport>& sample_reports() {
    static const std::vector<SampleReport> k_all{
        {"bad_day", bad_day()},           {"good_day", good_day()},     {"unknowns", unknowns()},
        {"all_skipped", all_skipped()},   {"long_names", long_names()}, {"recurring", recurring()},
        {"awkward_text", awkward_text()}, {"blocks", blocks()},         {"located", located()},
        {"nothing", start("no services")}};
    return k_all;
}

const report::Report& sample_report(std::string_view name) {
    const auto& all = sample_reports();
    const auto found = std::ranges::find(all, name, &SampleReport::name);
    if (found == all.end()) throw std::logic_error("no sample report " + std::string{name});
    return found->report;
}

} // namespace support

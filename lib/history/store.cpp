// SPDX-License-Identifier: MIT
#include "history/store.hpp"

#include "history/reading.hpp"
#include "history/recording.hpp"

namespace history {

struct Store::Impl {
    Database database;
    Retention retention{};
};

Store::Store(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Store::Store(Store&&) noexcept = default;
Store::~Store() = default;

core::Result<Store> Store::open(const std::filesystem::path& file, Access access,
                                const Limits& limits, const Retention& retention) {
    TRY_ASSIGN(auto database, Database::open(file, access, limits));
    return Store(std::make_unique<Impl>(Impl{std::move(database), retention}));
}

core::Result<void> Store::record(const report::Report& report, std::string_view version) {
    return record_run(m_impl->database, report, version, m_impl->retention);
}

core::Result<facts::Past> Store::past(const Scope& scope, core::Time now,
                                      std::span<const std::string_view> families) const {
    return read_past(m_impl->database, scope, now, families, m_impl->retention);
}

core::Result<std::vector<Run>> Store::runs(const Filter& filter, std::size_t limit) const {
    return read_runs(m_impl->database, filter, limit);
}

core::Result<report::Report> Store::report_of(const Run& run) const {
    return read_report(m_impl->database, run);
}

core::Result<std::vector<std::string>> Store::findings(const Filter& filter) const {
    return read_findings(m_impl->database, filter);
}

core::Result<Trend> Store::trend(const Filter& filter, std::string_view id,
                                 std::size_t limit) const {
    return read_trend(m_impl->database, filter, id, limit);
}

core::Result<std::int64_t> Store::prune(core::Time before) {
    return prune_runs(m_impl->database, before);
}

core::Result<Totals> Store::totals(const Filter& filter) const {
    return read_totals(m_impl->database, filter);
}

core::Result<void> Store::keep(std::string_view name, std::string_view value) {
    TRY_ASSIGN(auto statement,
               m_impl->database.prepare("INSERT INTO kept (name, value) VALUES (?1, ?2) "
                                        "ON CONFLICT (name) DO UPDATE SET value = excluded.value"));
    return statement.run({name, value});
}

core::Result<std::optional<std::string>> Store::kept(std::string_view name) const {
    TRY_ASSIGN(auto statement, m_impl->database.prepare("SELECT value FROM kept WHERE name = ?1"));
    TRY_ASSIGN(const bool found, statement.start({name}));
    return found ? std::optional{statement.text(0)} : std::nullopt;
}

} // namespace history

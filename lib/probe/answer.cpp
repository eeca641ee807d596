// SPDX-License-Identifier: MIT
#include "probe/answer.hpp"

#include "core/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <limits>

namespace probe {
namespace {

constexpr std::size_t k_deepest = 64;

/// Returns how deep `text` nests, strings left out. Counted before parsing, so that a hostile
/// document costs no stack.
std::size_t depth_of(std::string_view text) {
    std::size_t depth = 0;
    std::size_t deepest = 0;
    bool in_text = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_text) {
            if (c == '\\') {
                ++i;
            } else if (c == '"') {
                in_text = false;
            }
        } else if (c == '"') {
            in_text = true;
        } else if (c == '[' || c == '{') {
            deepest = std::max(deepest, ++depth);
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return deepest;
}

std::string status_text(const facts::Http& answer) {
    const std::string body = excerpt(answer.body);
    return body.empty() ? fmt::format("HTTP {}", answer.status)
                        : fmt::format("HTTP {}: {}", answer.status, body);
}

} // namespace

core::Error answer_error(const Asked& asked, core::ErrorKind kind, std::string reason,
                         std::string hint) {
    core::Error error;
    error.kind = kind;
    error.what = asked.what;
    error.where = asked.where;
    error.reason = std::move(reason);
    error.hint = std::move(hint);
    error.phase = core::Phase::query;
    return error;
}

std::string excerpt(std::string_view body) {
    const std::string_view line = core::trim(body.substr(0, 400));
    return core::cut_end(core::printable(line.substr(0, line.find_first_of("\r\n"))), 100);
}

core::Result<void> check_status(const facts::Http& answer, const Asked& asked) {
    const int status = answer.status;
    if (status >= 200 && status < 300) return {};
    if (status == 401 || status == 403) {
        return std::unexpected(answer_error(
            asked, core::ErrorKind::auth, fmt::format("access denied: HTTP {}", status),
            "check the user, password or token in the configuration"));
    }
    if (status >= 300 && status < 400) {
        const auto location = answer.headers.find("location");
        const auto to =
            location == answer.headers.end() ? std::string{} : " to " + excerpt(location->second);
        return std::unexpected(answer_error(
            asked, core::ErrorKind::protocol,
            fmt::format("HTTP {}, a redirect{}: redirects are not followed", status, to),
            "name the address itself in the configuration"));
    }
    const auto kind =
        status == 404 || status == 410 ? core::ErrorKind::missing : core::ErrorKind::protocol;
    return std::unexpected(answer_error(asked, kind, status_text(answer)));
}

struct JsonView::Document {
    nlohmann::json root{};
    Asked asked{};
};

JsonView::JsonView(std::shared_ptr<const Document> document, const nlohmann::json* value,
                   std::string path)
    : m_document(std::move(document)), m_value(value), m_path(std::move(path)) {}

core::Result<JsonView> JsonView::parse(std::string_view body, Asked asked) {
    if (depth_of(body) > k_deepest) {
        return std::unexpected(
            answer_error(asked, core::ErrorKind::protocol,
                         fmt::format("the answer nests deeper than {} levels", k_deepest)));
    }
    auto document = std::make_shared<Document>();
    document->root = nlohmann::json::parse(body, nullptr, false);
    if (document->root.is_discarded()) {
        const std::string seen = excerpt(body);
        return std::unexpected(answer_error(asked, core::ErrorKind::protocol,
                                            seen.empty()
                                                ? "the answer is empty, not JSON"
                                                : fmt::format("the answer is not JSON: '{}'", seen),
                                            "does something else listen there?"));
    }
    document->asked = std::move(asked);
    const auto* root = &document->root;
    return JsonView{std::move(document), root, {}};
}

bool JsonView::is_null() const {
    return m_value->is_null();
}

bool JsonView::is_object() const {
    return m_value->is_object();
}

bool JsonView::is_array() const {
    return m_value->is_array();
}

bool JsonView::is_text() const {
    return m_value->is_string();
}

bool JsonView::is_false() const {
    return m_value->is_boolean() && !m_value->get<bool>();
}

bool JsonView::has(const std::string& name) const {
    if (!m_value->is_object()) return false;
    const auto found = m_value->find(name);
    return found != m_value->end() && !found->is_null();
}

core::Error JsonView::error(std::string_view reason) const {
    return answer_error(m_document->asked, core::ErrorKind::protocol,
                        m_path.empty() ? fmt::format("unexpected answer: {}", reason)
                                       : fmt::format("unexpected answer: field '{}' {}",
                                                     core::printable(m_path), reason));
}

core::Result<JsonView> JsonView::member(const std::string& name) const {
    const std::string path = m_path.empty() ? name : m_path + "." + name;
    if (!m_value->is_object())
        return std::unexpected(error(fmt::format("is {}, not an object", m_value->type_name())));
    const auto found = m_value->find(name);
    if (found == m_value->end())
        return std::unexpected(JsonView{m_document, m_value, path}.error("is missing"));
    return JsonView{m_document, &*found, path};
}

core::Result<JsonView> JsonView::at(const std::string& name) const {
    TRY_ASSIGN(auto found, member(name));
    if (found.is_null()) return std::unexpected(found.error("is null"));
    return found;
}

core::Result<JsonView> JsonView::at(std::size_t index) const {
    if (!m_value->is_array() || index >= m_value->size())
        return std::unexpected(error(fmt::format("has no element {}", index)));
    return JsonView{m_document, &(*m_value)[index], fmt::format("{}[{}]", m_path, index)};
}

core::Result<std::string> JsonView::text() const {
    if (!m_value->is_string())
        return std::unexpected(error(fmt::format("is {}, not text", m_value->type_name())));
    return m_value->get<std::string>();
}

core::Result<std::int64_t> JsonView::whole() const {
    if (m_value->is_number_unsigned()) {
        const auto value = m_value->get<std::uint64_t>();
        if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return static_cast<std::int64_t>(value);
        return std::unexpected(error("is out of range"));
    }
    if (m_value->is_number_integer()) return m_value->get<std::int64_t>();
    if (m_value->is_number_float()) {
        // Some encoders write whole numbers as 1e+06.
        const double value = m_value->get<double>();
        if (value >= -9e15 && value <= 9e15
            && value == static_cast<double>(static_cast<std::int64_t>(value)))
            return static_cast<std::int64_t>(value);
    }
    if (m_value->is_string()) {
        const auto& text = m_value->get_ref<const std::string&>();
        std::int64_t value = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (failed == std::errc{} && end == text.data() + text.size()) return value;
    }
    return std::unexpected(error(fmt::format("is {}, not a whole number", m_value->type_name())));
}

core::Result<std::vector<JsonView>> JsonView::items() const {
    if (!m_value->is_array())
        return std::unexpected(error(fmt::format("is {}, not a list", m_value->type_name())));
    std::vector<JsonView> all;
    all.reserve(m_value->size());
    for (std::size_t i = 0; i < m_value->size(); ++i)
        all.push_back(JsonView{m_document, &(*m_value)[i], fmt::format("{}[{}]", m_path, i)});
    return all;
}

core::Result<std::vector<std::pair<std::string, JsonView>>> JsonView::members() const {
    if (!m_value->is_object())
        return std::unexpected(error(fmt::format("is {}, not an object", m_value->type_name())));
    std::vector<std::pair<std::string, JsonView>> all;
    for (const auto& [name, value] : m_value->items())
        all.emplace_back(name,
                         JsonView{m_document, &value, m_path.empty() ? name : m_path + "." + name});
    return all;
}

core::Result<std::string> JsonView::text(const std::string& name) const {
    TRY_ASSIGN(const auto member, at(name));
    return member.text();
}

core::Result<std::int64_t> JsonView::whole(const std::string& name) const {
    TRY_ASSIGN(const auto member, at(name));
    return member.whole();
}

core::Result<std::vector<JsonView>> JsonView::items(const std::string& name) const {
    TRY_ASSIGN(const auto member, at(name));
    return member.items();
}

core::Result<std::string> JsonView::text_or_empty(const std::string& name) const {
    if (!m_value->is_object())
        return std::unexpected(error(fmt::format("is {}, not an object", m_value->type_name())));
    return has(name) ? text(name) : core::Result<std::string>{std::string{}};
}

core::Result<JsonView> json_answer(const core::Result<facts::Http>& answer, const Asked& asked) {
    if (!answer) {
        auto error = answer.error();
        error.what = asked.what;
        return std::unexpected(std::move(error));
    }
    TRY(check_status(*answer, asked));
    return JsonView::parse(answer->body, asked);
}

} // namespace probe

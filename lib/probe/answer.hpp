// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.hpp"
#include "facts/http.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the probes that speak JSON over HTTP share: from an answer to typed values, where every
// value of a wrong type ends as a protocol error that names the field.

namespace probe {

/// Says whose answer it is, for the errors about it.
struct Asked {
    std::string what{};  ///< "asking Prometheus for its targets"
    std::string where{}; ///< printable address, secrets masked
};

/// Returns an error of phase query about the answer to `asked`.
[[nodiscard]] core::Error answer_error(const Asked& asked, core::ErrorKind kind, std::string reason,
                                       std::string hint = {});

/// Returns the first line of a body as it may stand in a message, cut to a sensible length.
[[nodiscard]] std::string excerpt(std::string_view body);

/// Checks that the status is 2xx. Errors: auth (401, 403), missing (404, 410), protocol (others).
[[nodiscard]] core::Result<void> check_status(const facts::Http& answer, const Asked& asked);

/// A value inside a parsed JSON document, which it keeps alive.
class JsonView {
  public:
    /// Parses `body`. Errors: protocol, when it is no JSON (RFC 8259) or nested deeper than 64.
    [[nodiscard]] static core::Result<JsonView> parse(std::string_view body, Asked asked);

    [[nodiscard]] bool is_null() const;
    [[nodiscard]] bool is_object() const;
    [[nodiscard]] bool is_array() const;
    [[nodiscard]] bool is_text() const;
    [[nodiscard]] bool is_false() const;

    /// Whether this is an object with a member `name` that is not null.
    [[nodiscard]] bool has(const std::string& name) const;

    /// Returns the member `name` (present and not null) or the element at `index`.
    [[nodiscard]] core::Result<JsonView> at(const std::string& name) const;
    [[nodiscard]] core::Result<JsonView> at(std::size_t index) const;

    /// Returns the member `name`, which may be null but not missing.
    [[nodiscard]] core::Result<JsonView> member(const std::string& name) const;

    [[nodiscard]] core::Result<std::string> text() const;

    /// Returns a whole number; one that stands as text ("12") is taken too, as some servers send
    /// it.
    [[nodiscard]] core::Result<std::int64_t> whole() const;

    [[nodiscard]] core::Result<std::vector<JsonView>> items() const;
    [[nodiscard]] core::Result<std::vector<std::pair<std::string, JsonView>>> members() const;

    [[nodiscard]] core::Result<std::string> text(const std::string& name) const;
    [[nodiscard]] core::Result<std::int64_t> whole(const std::string& name) const;
    [[nodiscard]] core::Result<std::vector<JsonView>> items(const std::string& name) const;

    /// Returns the text of member `name`, or an empty one when it is missing or null.
    [[nodiscard]] core::Result<std::string> text_or_empty(const std::string& name) const;

    /// Returns a protocol error about this value: "field 'data.rules[3]': REASON".
    [[nodiscard]] core::Error error(std::string_view reason) const;

  private:
    struct Document;
    JsonView(std::shared_ptr<const Document> document, const nlohmann::json* value,
             std::string path);
    std::shared_ptr<const Document> m_document;
    const nlohmann::json* m_value;
    std::string m_path;
};

/// Checks the status of `answer` and parses its body.
[[nodiscard]] core::Result<JsonView> json_answer(const core::Result<facts::Http>& answer,
                                                 const Asked& asked);

} // namespace probe

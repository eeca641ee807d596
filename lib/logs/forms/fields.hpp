// SPDX-License-Identifier: MIT
#pragma once

#include "logs/event.hpp"

#include <string_view>

namespace logs {

/// Puts the fields of a structured log line (JSON, logfmt) into an event, whatever a library calls
/// them.
class FieldReader {
  public:
    explicit FieldReader(Event& event, core::Time now) : m_event(event), m_now(now) {}

    /// Takes a field whose value is a text or a number, written as it stands in the line.
    void add(std::string_view key, std::string_view value);

    /// Completes the event. Returns whether the fields are those of a log: a level with a message
    /// or a time, a message with a time, or a request.
    bool finish();

  private:
    void add_time(std::string_view value);
    void add_level(std::string_view value);

    Event& m_event;
    core::Time m_now;
    Request m_request{};
    bool m_message = false;
    std::string_view m_error{};
};

} // namespace logs

// SPDX-License-Identifier: MIT
#pragma once

#include "probe/pending.hpp"

#include <functional>
#include <future>
#include <system_error>

namespace probe {

/// Begins a question that is asked beside the others of a probe: in a thread of its own, or at once
/// where none is to be had. `ask` must own all that it uses, and end by its own deadline.
template <class Value>
[[nodiscard]] std::future<Value> aside(const std::function<Value()>& ask) {
    try {
        return start<Value>(ask);
    } catch (const std::system_error&) {
        std::promise<Value> asked;
        asked.set_value(ask());
        return asked.get_future();
    }
}

} // namespace probe

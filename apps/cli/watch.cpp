// SPDX-License-Identifier: MIT
#include "cli/watch.hpp"

#include "cli/surroundings.hpp"
#include "cli/watch_session.hpp"
#include "core/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

namespace cli {
namespace {

/// The terminal that keys come from: standard input, else the one that controls this process.
class Keyboard {
  public:
    explicit Keyboard(const Surroundings& around) {
        if (::isatty(around.in) == 1) {
            m_descriptor = around.in;
            return;
        }
        m_descriptor = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
        m_mine = m_descriptor >= 0;
    }

    ~Keyboard() {
        if (m_mine) ::close(m_descriptor);
    }

    Keyboard(const Keyboard&) = delete;
    Keyboard& operator=(const Keyboard&) = delete;

    /// Returns the descriptor; negative when there is no keyboard.
    [[nodiscard]] int get() const { return m_descriptor; }

  private:
    int m_descriptor = -1;
    bool m_mine = false;
};

/// Whether the cursor can be moved: every terminal of today understands ECMA-48, but "dumb" ones.
bool can_be_drawn_on(const Surroundings& around) {
    if (!terminal_of(around.out).is_terminal) return false;
    const auto term = around.env ? around.env("TERM").value_or("") : std::string{};
    return !term.empty() && term != "dumb" && term != "unknown";
}

bool wants_screen(const GlobalOptions& options) {
    return std::ranges::any_of(options.outputs, [](const Output& output) {
        return output.to_stdout() && output.format->name == "text";
    });
}

} // namespace

void check_watch_outputs(const GlobalOptions& options, std::string_view option) {
    for (const auto& output : options.outputs) {
        const auto name = output.format->name;
        if (!output.to_stdout() || name == "text" || name == "ndjson") continue;
        throw core::UsageError(fmt::format(
            "'-o {0}' with {1} needs a file, which is rewritten after each look: -o {0}=FILE", name,
            option));
    }
}

core::Deadline end_of_watch(const Context& context) {
    return context.deadline(std::chrono::hours{24} * 365 * 10);
}

int watch_on(const Context& context, const WatchPlan& plan) {
    check_watch_outputs(context.options(), plan.option);
    if (wants_screen(context.options()) && can_be_drawn_on(context.around())) {
        const Keyboard keyboard(context.around());
        if (keyboard.get() >= 0) {
            if (const auto code = watch_screen(context, plan, keyboard.get())) return *code;
        }
    }
    return watch_lines(context, plan);
}

} // namespace cli

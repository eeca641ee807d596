// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace logs {

/// Cuts bytes into lines, however they come in. A line is handed on without its end ("\n" or
/// "\r\n") and at most its first `longest` bytes, 64 KiB where none are given; what has no end when
/// the bytes end is a line as well.
class LineCutter {
  public:
    static constexpr std::size_t k_longest = std::size_t{64} << 10U;

    using Take = std::function<void(std::string_view line)>;

    explicit LineCutter(Take take, std::size_t longest = k_longest)
        : m_take(std::move(take)), m_longest(longest) {}

    void push(std::string_view bytes);
    void end();

    /// Returns how many lines were longer than what was handed on of them.
    [[nodiscard]] std::int64_t cut() const { return m_cut; }

  private:
    void hand_on(std::string_view line);
    void hold(std::string_view bytes);

    Take m_take;
    std::size_t m_longest;
    std::string m_open{};
    bool m_too_long = false; ///< more of the open line came than is held
    std::int64_t m_cut = 0;
};

} // namespace logs

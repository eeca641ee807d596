// SPDX-License-Identifier: MIT
#pragma once

#include "core/clock.hpp"
#include "logs/lines.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace logs {

/// Which of a container's two streams a line comes from. With a terminal there is only `out`.
enum class Side : std::uint8_t { out, error };

/// Takes an answer of the Engine's /containers/ID/logs?timestamps=1 apart, however its bytes come
/// in: frames of eight bytes' head and a piece of a stream (Engine API, "ContainerAttach", "Stream
/// format"), or bare text for a container with a terminal. What it is, its first bytes tell.
class DockerStream {
  public:
    /// Takes a line without the time that the Engine puts before it, and that time.
    using Take =
        std::function<void(Side side, std::string_view line, std::optional<core::Time> time)>;

    explicit DockerStream(Take take);

    void push(std::string_view bytes);
    void end();

    /// Returns how many lines were longer than what was handed on of them.
    [[nodiscard]] std::int64_t cut() const { return m_out.cut() + m_error.cut(); }

  private:
    void hand_on(Side side, std::string_view line);

    LineCutter& cutter(unsigned char stream) { return stream == 2 ? m_error : m_out; }

    Take m_take;
    LineCutter m_out;
    LineCutter m_error;
    std::string m_head{};   ///< bytes of a frame's head that is not whole
    std::size_t m_left = 0; ///< bytes of the piece that have not come
    unsigned char m_stream = 1;
    bool m_bare = false; ///< text without frames
};

} // namespace logs

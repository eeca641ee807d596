// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace probe {

/// Returns whether a file that begins with these four bytes is packed.
[[nodiscard]] bool is_packed(std::string_view head);

/// Unpacks gzip (RFC 1952, several members one after the other) and zstd (RFC 8878) while it comes
/// in; anything else is handed on as it is.
class Unpacker {
  public:
    using Take = std::function<void(std::string_view bytes)>;

    explicit Unpacker(Take take);
    ~Unpacker();
    Unpacker(const Unpacker&) = delete;
    Unpacker& operator=(const Unpacker&) = delete;
    Unpacker(Unpacker&&) = delete;
    Unpacker& operator=(Unpacker&&) = delete;

    /// Takes more in. Returns false once nothing after it can be read.
    bool push(std::string_view bytes);

    /// Returns what was wrong with it: damaged, or ended in its middle; empty when all is well.
    [[nodiscard]] std::string end();

    struct Engine; ///< one way of packing

  private:
    void begin();

    Take m_take;
    std::string m_head{}; ///< first bytes, until they tell what it is
    std::unique_ptr<Engine> m_engine{};
    bool m_begun = false;
};

} // namespace probe

// SPDX-License-Identifier: MIT
#include "probe/unpack.hpp"

#include <array>
#include <cstddef>
#include <zlib.h>
#include <zstd.h>

namespace probe {

struct Unpacker::Engine {
    Engine() = default;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    Engine(Engine&&) = delete;
    Engine& operator=(Engine&&) = delete;
    virtual ~Engine() = default;
    virtual bool push(std::string_view bytes, const Take& take) = 0;
    [[nodiscard]] virtual std::string end() const = 0;
};

namespace {

constexpr std::size_t k_room = std::size_t{256} << 10U;
constexpr std::size_t k_head = 4;

class Gzip : public Unpacker::Engine {
  public:
    Gzip() { m_ready = ::inflateInit2(&m_stream, 15 + 16) == Z_OK; }

    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;
    Gzip(Gzip&&) = delete;
    Gzip& operator=(Gzip&&) = delete;

    ~Gzip() override {
        if (m_ready) ::inflateEnd(&m_stream);
    }

    bool push(std::string_view bytes, const Unpacker::Take& take) override {
        if (!m_ready || m_damaged) return false;
        // zlib takes what it reads as bytes that could be written.
        m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); // NOLINT
        m_stream.avail_in = static_cast<uInt>(bytes.size());
        while (m_stream.avail_in > 0 || m_more) {
            if (m_ended && !begin_next()) return true;
            m_stream.next_out = reinterpret_cast<Bytef*>(m_room->data()); // NOLINT
            m_stream.avail_out = static_cast<uInt>(k_room);
            const int code = ::inflate(&m_stream, Z_NO_FLUSH);
            const auto made = k_room - m_stream.avail_out;
            if (made > 0) take({m_room->data(), made});
            m_more = m_stream.avail_out == 0;
            m_ended = code == Z_STREAM_END;
            if (code == Z_BUF_ERROR) return true;
            if (code != Z_OK && code != Z_STREAM_END) {
                m_damaged = true;
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] std::string end() const override {
        if (!m_ready) return "no memory to unpack it";
        if (m_damaged) return "its gzip data is damaged";
        return m_ended ? "" : "its gzip data ends in the middle";
    }

  private:
    /// Another member may follow; zeros that pad a tape do not.
    bool begin_next() {
        if (m_stream.avail_in == 0 || *m_stream.next_in != 0x1f) return false;
        m_ended = false;
        return ::inflateReset(&m_stream) == Z_OK;
    }

    z_stream m_stream{};
    std::unique_ptr<std::array<char, k_room>> m_room = std::make_unique<std::array<char, k_room>>();
    bool m_ready = false;
    bool m_more = false; ///< output waits that had no room
    bool m_ended = false;
    bool m_damaged = false;
};

class Zstd : public Unpacker::Engine {
  public:
    bool push(std::string_view bytes, const Unpacker::Take& take) override {
        if (!m_stream || m_damaged) return false;
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        while (in.pos < in.size) {
            ZSTD_outBuffer out{m_room->data(), k_room, 0};
            m_left = ::ZSTD_decompressStream(m_stream.get(), &out, &in);
            if (::ZSTD_isError(m_left) != 0) {
                m_damaged = true;
                return false;
            }
            if (out.pos > 0) take({m_room->data(), out.pos});
        }
        return true;
    }

    [[nodiscard]] std::string end() const override {
        if (!m_stream) return "no memory to unpack it";
        if (m_damaged) return "its zstd data is damaged";
        return m_left == 0 ? "" : "its zstd data ends in the middle";
    }

  private:
    struct Free {
        void operator()(ZSTD_DStream* stream) const { ::ZSTD_freeDStream(stream); }
    };

    std::unique_ptr<ZSTD_DStream, Free> m_stream{::ZSTD_createDStream()};
    std::unique_ptr<std::array<char, k_room>> m_room = std::make_unique<std::array<char, k_room>>();
    std::size_t m_left = 0; ///< 0: a frame is complete
    bool m_damaged = false;
};

constexpr std::string_view k_gzip{"\x1f\x8b"};
constexpr std::string_view k_zstd{"\x28\xb5\x2f\xfd"};

std::unique_ptr<Unpacker::Engine> engine_for(std::string_view head) {
    if (head.starts_with(k_gzip)) return std::make_unique<Gzip>();
    if (head.starts_with(k_zstd)) return std::make_unique<Zstd>();
    return nullptr;
}

} // namespace

bool is_packed(std::string_view head) {
    return head.starts_with(k_gzip) || head.starts_with(k_zstd);
}

Unpacker::Unpacker(Take take) : m_take(std::move(take)) {}

Unpacker::~Unpacker() = default;

bool Unpacker::push(std::string_view bytes) {
    if (m_begun && !m_engine) {
        m_take(bytes);
        return true;
    }
    if (m_begun) return m_engine->push(bytes, m_take);
    m_head += bytes;
    if (m_head.size() < k_head) return true;
    begin();
    const auto head = std::move(m_head);
    return push(head);
}

void Unpacker::begin() {
    m_engine = engine_for(m_head);
    m_begun = true;
}

std::string Unpacker::end() {
    if (!m_begun) {
        begin();
        if (!m_head.empty()) push(std::string{m_head});
    }
    return m_engine ? m_engine->end() : "";
}

} // namespace probe

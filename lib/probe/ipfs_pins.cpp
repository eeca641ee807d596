// SPDX-License-Identifier: MIT
#include "probe/ipfs_pins.hpp"

#include <nlohmann/json.hpp>

#include <iterator>
#include <set>
#include <utility>

namespace probe {
namespace {

using nlohmann::json;

constexpr std::size_t k_deepest_reply = 64;

/// Reads {"Keys": {CID: …, …}} word by word. Every call returns whether to go on.
class PinReader : public nlohmann::json_sax<json> {
  public:
    explicit PinReader(std::size_t most) : m_most(most) {}

    [[nodiscard]] Pins pins() const { return {m_count, {m_first.begin(), m_first.end()}}; }

    bool null() override { return m_depth > 0; }

    bool boolean(bool /*value*/) override { return takes_value(); }

    bool number_integer(json::number_integer_t /*value*/) override { return takes_value(); }

    bool number_unsigned(json::number_unsigned_t /*value*/) override { return takes_value(); }

    bool number_float(json::number_float_t /*value*/, const std::string& /*text*/) override {
        return takes_value();
    }

    bool string(std::string& /*value*/) override { return takes_value(); }

    bool binary(json::binary_t& /*value*/) override { return false; }

    bool start_object(std::size_t /*elements*/) override { return ++m_depth <= k_deepest_reply; }

    bool end_object() override {
        --m_depth;
        return true;
    }

    bool start_array(std::size_t /*elements*/) override {
        return takes_value() && ++m_depth <= k_deepest_reply;
    }

    bool end_array() override {
        --m_depth;
        return true;
    }

    bool key(std::string& name) override {
        if (m_depth == 1) m_in_keys = name == "Keys";
        if (m_depth == 2 && m_in_keys) note(std::move(name));
        return true;
    }

    bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                     const json::exception& /*why*/) override {
        return false;
    }

  private:
    /// Neither the whole nor the list of pins may be anything but an object.
    [[nodiscard]] bool takes_value() const { return m_depth > 1 || (m_depth == 1 && !m_in_keys); }

    void note(std::string cid) {
        ++m_count;
        m_first.insert(std::move(cid));
        if (m_first.size() > m_most) m_first.erase(std::prev(m_first.end()));
    }

    std::size_t m_most;
    std::size_t m_depth = 0;
    bool m_in_keys = false; ///< what is read stands below "Keys"
    std::int64_t m_count = 0;
    std::set<std::string> m_first{};
};

} // namespace

std::optional<Pins> count_pins(std::string_view body, std::size_t most) {
    PinReader reader{most};
    if (!json::sax_parse(body, &reader)) return std::nullopt;
    return reader.pins();
}

} // namespace probe

// SPDX-License-Identifier: MIT
#include "report/render.hpp"

#include <algorithm>
#include <array>

// The output formats: one line a format, in the order of the manual. X(json) stands for
// `report::format::json`, defined in formats/json.cpp.
#define GALLERY_OPS_FORMATS(X)                                                                     \
    X(text)                                                                                        \
    X(json)                                                                                        \
    X(ndjson)                                                                                      \
    X(junit)                                                                                       \
    X(prom)                                                                                        \
    X(markdown)                                                                                    \
    X(html)                                                                                        \
    X(github)                                                                                      \
    X(nagios)

namespace report {

namespace format {
#define GALLERY_OPS_DECLARE(name) extern const Format name;
GALLERY_OPS_FORMATS(GALLERY_OPS_DECLARE)
#undef GALLERY_OPS_DECLARE
} // namespace format

std::span<const Format> formats() {
#define GALLERY_OPS_COPY(name) format::name,
    static const auto k_all = std::to_array<Format>({GALLERY_OPS_FORMATS(GALLERY_OPS_COPY)});
#undef GALLERY_OPS_COPY
    return k_all;
}

const Format* find_format(std::string_view name) {
    const auto all = formats();
    const auto at = std::ranges::find(all, name, &Format::name);
    return at == all.end() ? nullptr : &*at;
}

} // namespace report

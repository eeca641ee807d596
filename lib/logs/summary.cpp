// SPDX-License-Identifier: MIT
#include "logs/summary.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace logs {

void Source::add_lines(const Source& other) {
    read += other.read;
    parsed += other.parsed;
    unparsed += other.unparsed;
    dropped += other.dropped;
    binary += other.binary;
    cut += other.cut;
    bytes += other.bytes;
    course.add(other.course);
}

std::string command_for(const Summary& summary, const std::string& service) {
    const auto source = std::ranges::find(summary.sources, service, &Source::service);
    const bool told = source != summary.sources.end() && !source->again.empty();
    return told ? "gallery-ops logs " + core::printable(source->again) : "gallery-ops logs";
}

} // namespace logs

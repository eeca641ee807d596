// SPDX-License-Identifier: MIT
#include "logs/quantiles.hpp"

#include <algorithm>
#include <cmath>

namespace logs {
namespace {

constexpr double k_ratio = (1 + Quantiles::k_error) / (1 - Quantiles::k_error);
constexpr double k_smallest = 1e-6;
constexpr double k_biggest = 1e9;

/// A bin holds the figures between two powers of the ratio.
int bin_of(double figure) {
    static const double k_scale = 1 / std::log(k_ratio);
    return static_cast<int>(
        std::ceil(std::log(std::clamp(figure, k_smallest, k_biggest)) * k_scale));
}

/// The figure that is at most k_error away from all of its bin.
double middle_of(int bin) {
    return 2 * std::pow(k_ratio, bin) / (k_ratio + 1);
}

} // namespace

void Quantiles::widen(int bin) {
    if (m_bins.empty()) m_first = bin;
    if (bin < m_first) {
        m_bins.insert(m_bins.begin(), static_cast<std::size_t>(m_first - bin), 0);
        m_first = bin;
    }
    const auto place = static_cast<std::size_t>(bin - m_first);
    if (place >= m_bins.size()) m_bins.resize(place + 1);
}

void Quantiles::add(double figure) {
    if (std::isnan(figure)) return;
    const int bin = bin_of(figure);
    widen(bin);
    ++m_bins[static_cast<std::size_t>(bin - m_first)];
    ++m_count;
}

void Quantiles::add(const Quantiles& other) {
    if (other.m_bins.empty()) return;
    widen(other.m_first);
    widen(other.m_first + static_cast<int>(other.m_bins.size()) - 1);
    for (std::size_t i = 0; i < other.m_bins.size(); ++i)
        m_bins[static_cast<std::size_t>(other.m_first - m_first) + i] += other.m_bins[i];
    m_count += other.m_count;
}

double Quantiles::at(double share) const {
    const auto rank = static_cast<std::int64_t>(share * static_cast<double>(m_count - 1));
    std::int64_t below = 0;
    for (std::size_t i = 0; i < m_bins.size(); ++i) {
        below += m_bins[i];
        if (below > rank) return middle_of(m_first + static_cast<int>(i));
    }
    return 0;
}

} // namespace logs

// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace logs {

/// Quantiles of positive figures within 2 % of the true ones, in bounded memory; two of them join
/// into what one would have that saw both. DDSketch: Masson, Rim, Lee, "DDSketch: A Fast and
/// Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", VLDB 2019.
class Quantiles {
  public:
    /// The relative error of what `at` returns.
    static constexpr double k_error = 0.02;

    /// Takes a figure in; what is below 1e-6 counts as that, what is above 1e9 as that.
    void add(double figure);

    void add(const Quantiles& other);

    [[nodiscard]] std::int64_t count() const { return m_count; }

    /// Returns the figure below which a share of all lie: 0.95 for the 95th percentile. 0 without
    /// any.
    [[nodiscard]] double at(double share) const;

  private:
    void widen(int bin);

    int m_first = 0;                     ///< the bin of m_bins[0]
    std::vector<std::uint32_t> m_bins{}; ///< how many figures are in each
    std::int64_t m_count = 0;
};

} // namespace logs

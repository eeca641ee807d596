// SPDX-License-Identifier: MIT
#pragma once

#include "report/render.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace report::text {

/// How a screen is drawn: what the marks and branches look like, how wide a line may be, what is
/// shown. Everything that reaches a line went through `clean`.
class Style {
  public:
    explicit Style(const RenderOptions& options) : m_options(options) {}

    [[nodiscard]] std::size_t width() const { return m_options.width; }

    [[nodiscard]] bool verbose() const { return m_options.detail == Detail::verbose; }

    [[nodiscard]] bool quiet() const { return m_options.detail == Detail::quiet; }

    [[nodiscard]] core::Time now() const { return m_options.now; }

    [[nodiscard]] int exit_code() const { return m_options.exit_code; }

    /// Returns `raw` as it may stand on the screen: nothing that steers a terminal, and without
    /// UTF-8 only ASCII. Do this before measuring.
    [[nodiscard]] std::string clean(std::string_view raw) const;

    /// As `clean`, for text of several lines.
    [[nodiscard]] std::vector<std::string> clean_lines(std::string_view raw) const;

    /// Returns the mark of a verdict, one column wide, coloured if colour is on.
    [[nodiscard]] std::string mark(core::Verdict verdict) const;

    /// Returns `word` in the colour of the verdict, for the verdict's own name.
    [[nodiscard]] std::string painted(std::string_view word, core::Verdict verdict) const;

    [[nodiscard]] std::string_view dot() const { return pick(" · ", " - "); }

    [[nodiscard]] std::string_view ellipsis() const { return pick("…", "..."); }

    [[nodiscard]] std::string_view bar() const { return pick("│", "|"); }

    [[nodiscard]] std::string_view branch(bool last) const {
        return last ? pick("└", "`-") : pick("├", "|-");
    }

    /// Returns `line`, which holds no colours, greyed if colour is on: what may no longer be true.
    [[nodiscard]] std::string dimmed(std::string_view line) const;

    /// Returns what stands before the selected line, and where a person types.
    [[nodiscard]] std::string_view pointer() const { return pick("▸", ">"); }

    [[nodiscard]] std::string_view cursor() const { return pick("▏", "_"); }

    /// Returns a bar of the height `level` of 0 to 7.
    [[nodiscard]] std::string_view spark(std::size_t level) const;

  private:
    [[nodiscard]] bool utf8() const { return m_options.charset == Charset::utf8; }

    [[nodiscard]] std::string_view pick(std::string_view fancy, std::string_view plain) const {
        return utf8() ? fancy : plain;
    }

    const RenderOptions& m_options;
};

} // namespace report::text

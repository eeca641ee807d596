// SPDX-License-Identifier: MIT
#pragma once

#include "logs/token.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logs {

/// Parts a message into words and parameters, in one pass and without a regular expression.
///
/// What pays, in this order: whole values are parameters (`value_at`), the rest is split at blanks
/// and at = : , ( ) [ ] " | ; { } < > ' and each word looked at alone (`kind_of_word`), brackets
/// with nothing but values in them belong to the value before, and a run of parameters counts as
/// one. Two messages whose tokens have the same hashes have the same shape. The first two steps
/// follow Drain (He et al., ICWS 2017, doi:10.1109/ICWS.2017.13) and the study of preprocessing in
/// "Tools and Benchmarks for Automated Log Parsing" (Zhu et al., ICSE-SEIP 2019); what is typed is
/// as in Datadog's and Loki's pattern ingesters.
class Scanner {
  public:
    /// Returns the tokens of the message, at most its first 4 KiB and 250 tokens. They stay until
    /// the next call.
    std::span<const Token> scan(std::string_view message);

  private:
    struct Piece {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        Kind kind = Kind::literal;
    };

    std::size_t word(std::size_t from);
    std::size_t value_in_word(std::size_t from, std::size_t at, std::size_t& literal);
    void add_piece(std::size_t begin, std::size_t end, Kind kind);
    void add_mixed_word(std::size_t begin, std::size_t end);
    [[nodiscard]] Kind kind_of_pieces() const;
    void add(std::size_t begin, std::size_t end, Kind kind);
    void add_sign(std::size_t at);
    void drop_brackets();
    void collapse_runs();
    friend std::string text_of(std::string_view message, const Token& token);

    std::string_view m_text{};
    std::vector<Token> m_tokens{};
    std::vector<Piece> m_pieces{}; ///< of the word that is being read, values in it included
    bool m_bracket = false;
    std::size_t m_parameters = 0;
};

/// Returns the token as it stands in a template: the word, with placeholders for values inside of
/// it ("blk_<num>"), or the placeholder of a parameter. `token` is one of a scan of `message`.
[[nodiscard]] std::string text_of(std::string_view message, const Token& token);

} // namespace logs

// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "core/units.hpp"
#include "report/text/blocks.hpp"
#include "report/text/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace report::text {
namespace {

constexpr std::size_t k_indent = 2;
constexpr std::size_t k_gap = 2;
constexpr std::size_t k_narrowest_text = 8;
constexpr std::size_t k_rows_shown = 20; ///< without -v

/// A column with its cells as text.
struct Column {
    std::string head{};
    std::vector<std::string> cells{};
    bool numeric = true;
    std::size_t width = 0;
};

bool is_number(const Cell& cell) {
    return std::holds_alternative<double>(cell) || std::holds_alternative<std::int64_t>(cell);
}

const Cell& cell_at(const std::vector<Cell>& row, std::size_t at) {
    static const Cell k_nothing{};
    return at < row.size() ? row[at] : k_nothing;
}

/// How many decimals the column's numbers need, at most three.
int decimals_of(const Table& table, std::size_t at) {
    int most = 0;
    for (const auto& row : table.rows) {
        const auto* value = std::get_if<double>(&cell_at(row, at));
        if (value == nullptr || !std::isfinite(*value)) continue;
        const std::string text = core::format_number(*value, 3);
        const std::size_t point = text.find('.');
        if (point != std::string::npos)
            most = std::max(most, static_cast<int>(text.size() - point - 1));
    }
    return most;
}

std::string cell_text(const Cell& cell, int decimals, const Style& style) {
    if (const auto* text = std::get_if<std::string>(&cell)) return style.clean(*text);
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
        // The blanks stand where the others have their decimals.
        const auto blanks = decimals > 0 ? static_cast<std::size_t>(decimals) + 1 : 0;
        return fmt::format("{}", *whole) + std::string(blanks, ' ');
    }
    if (const auto* real = std::get_if<double>(&cell))
        return std::isfinite(*real) ? fmt::format("{:.{}f}", *real, decimals) : "?";
    return style.clean("–");
}

Column make_column(const Table& table, std::size_t at, std::size_t rows, const Style& style) {
    Column column;
    column.head = style.clean(table.columns[at]);
    const int decimals = decimals_of(table, at);
    bool any_number = false;
    for (std::size_t i = 0; i < rows; ++i) {
        const auto& cell = cell_at(table.rows[i], at);
        any_number = any_number || is_number(cell);
        if (std::holds_alternative<std::string>(cell)) column.numeric = false;
        column.cells.push_back(cell_text(cell, decimals, style));
    }
    column.numeric = column.numeric && any_number;
    column.width = core::display_width(column.head);
    for (const auto& cell : column.cells)
        column.width = std::max(column.width, core::display_width(cell));
    return column;
}

std::size_t total_width(const std::vector<Column>& columns) {
    std::size_t total = k_indent;
    for (const auto& column : columns)
        total += column.width + k_gap;
    return total - (columns.empty() ? 0 : k_gap);
}

/// Narrows the widest texts one by one, then drops columns from the right; returns how many.
std::size_t fit(std::vector<Column>& columns, std::size_t width) {
    std::size_t dropped = 0;
    while (total_width(columns) > width) {
        Column* widest = nullptr;
        for (auto& column : columns) {
            const bool may_shrink = !column.numeric && column.width > k_narrowest_text;
            if (may_shrink && (widest == nullptr || column.width > widest->width)) widest = &column;
        }
        if (widest != nullptr) {
            --widest->width;
        } else if (columns.size() > 1) {
            columns.pop_back();
            ++dropped;
        } else {
            columns.front().width = width - std::min(width, k_indent);
            break;
        }
    }
    return dropped;
}

std::string line_of(const std::vector<Column>& columns, const std::vector<std::string>& cells,
                    const Style& style) {
    std::string line(k_indent, ' ');
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::string cell = core::cut_middle(cells[i], columns[i].width, style.ellipsis());
        line += columns[i].numeric ? pad_left(cell, columns[i].width) : pad(cell, columns[i].width);
        if (i + 1 < columns.size()) line += std::string(k_gap, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

std::string left_out(std::size_t rows, std::size_t columns, const Style& style) {
    std::string out;
    if (rows > 0) {
        out += fmt::format("  {} {} more, -v shows them\n", style.ellipsis(),
                           core::count_of(static_cast<std::int64_t>(rows), "row"));
    }
    if (columns > 0) {
        out += fmt::format("  {} {} more, -o json has them\n", style.ellipsis(),
                           core::count_of(static_cast<std::int64_t>(columns), "column"));
    }
    return out;
}

} // namespace

std::string table(const Table& table, const Style& style) {
    if (table.columns.empty() || table.rows.empty()) return {};
    const std::size_t rows =
        style.verbose() ? table.rows.size() : std::min(table.rows.size(), k_rows_shown);
    std::vector<Column> columns;
    for (std::size_t at = 0; at < table.columns.size(); ++at)
        columns.push_back(make_column(table, at, rows, style));
    const std::size_t dropped = fit(columns, style.width());

    std::vector<std::string> cells(columns.size());
    std::ranges::transform(columns, cells.begin(), &Column::head);
    std::string out = line_of(columns, cells, style);
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t i = 0; i < columns.size(); ++i)
            cells[i] = columns[i].cells[row];
        out += line_of(columns, cells, style);
    }
    return out + left_out(table.rows.size() - rows, dropped, style);
}

} // namespace report::text

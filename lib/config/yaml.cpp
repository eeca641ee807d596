// SPDX-License-Identifier: MIT
#include "config/yaml.hpp"

#include "core/text.hpp"

#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <map>
#include <set>
#include <sstream>
#include <utility>

namespace config::yaml {
namespace {

/// Carries a failure out of yaml-cpp's parser, which knows no other way to stop.
struct Stop {
    Failure failure{};
};

[[noreturn]] void stop(Mark mark, std::string message, std::string hint = {}) {
    throw Stop{{mark, std::move(message), std::move(hint)}};
}

Mark from(const YAML::Mark& mark) {
    return mark.line < 0 ? Mark{} : Mark{mark.line + 1, mark.column + 1};
}

/// A collection under construction.
struct Frame {
    std::shared_ptr<Node> node{};
    YAML::anchor_t anchor = YAML::NullAnchor;
    bool waits_for_value = false; ///< a map whose key was read
    Entry entry{};
    std::map<std::string, int, std::less<>> seen{}; ///< key → line
};

/// Builds the tree from yaml-cpp's events. Events arrive while the text is read, so that a limit
/// ends the parse before yaml-cpp's own recursion can get deep.
class Builder final : public YAML::EventHandler {
  public:
    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++m_documents > 1)
            stop(from(mark), "a second document, or text after the end of the first one",
                 "keep one document in a file");
    }

    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add(leaf(mark, Kind::null), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end()) stop(from(mark), "an alias inside of what it stands for");
        if (m_frames.size() + found->second->height > k_most_depth) too_deep(from(mark));
        place(found->second, from(mark));
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        auto node = leaf(mark, Kind::scalar);
        node->text = value;
        node->quoted = tag == "!";
        node->tag = own_tag(tag);
        add(std::move(node), anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        open(mark, tag, anchor, Kind::sequence);
    }

    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        open(mark, tag, anchor, Kind::map);
    }

    void OnMapEnd() override { close(); }

    [[nodiscard]] NodePtr root() const { return m_root; }

  private:
    static std::shared_ptr<Node> leaf(const YAML::Mark& mark, Kind kind) {
        auto node = std::make_shared<Node>();
        node->kind = kind;
        node->mark = from(mark);
        return node;
    }

    static std::string own_tag(const std::string& tag) {
        return tag == "?" || tag == "!" ? std::string{} : tag;
    }

    [[noreturn]] static void too_deep(Mark mark) {
        stop(mark, fmt::format("nested more than {} levels deep", k_most_depth));
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Kind kind) {
        if (m_frames.size() >= k_most_depth) too_deep(from(mark));
        if (!m_frames.empty() && takes_key(m_frames.back()))
            stop(from(mark), "a key must be a word, not a list or a map");
        auto node = leaf(mark, kind);
        node->tag = own_tag(tag);
        m_frames.push_back({std::move(node), anchor, false, {}, {}});
    }

    void close() {
        Frame frame = std::move(m_frames.back());
        m_frames.pop_back();
        if (frame.node->kind == Kind::map) resolve_merge_keys(*frame.node);
        add(std::move(frame.node), frame.anchor);
    }

    void add(std::shared_ptr<Node> node, YAML::anchor_t anchor) {
        const Mark mark = node->mark;
        if (anchor != YAML::NullAnchor) m_anchors[anchor] = node;
        place(std::move(node), mark);
    }

    static bool takes_key(const Frame& frame) {
        return frame.node->kind == Kind::map && !frame.waits_for_value;
    }

    void place(NodePtr node, Mark mark) {
        if (m_frames.empty()) {
            m_root = std::move(node);
            return;
        }
        Frame& frame = m_frames.back();
        if (takes_key(frame)) return place_key(frame, *node, mark);
        Node& parent = *frame.node;
        parent.weight += node->weight;
        parent.height = std::max(parent.height, node->height + 1);
        if (parent.weight > k_most_nodes)
            stop(mark, fmt::format("more than {} values (aliases counted)", k_most_nodes));
        if (parent.kind == Kind::sequence) {
            parent.items.push_back(std::move(node));
            return;
        }
        frame.entry.value = std::move(node);
        parent.entries.push_back(std::move(frame.entry));
        frame.entry = {};
        frame.waits_for_value = false;
    }

    static void place_key(Frame& frame, const Node& key, Mark mark) {
        if (key.kind == Kind::null) stop(mark, "an empty key");
        if (key.kind != Kind::scalar) stop(mark, "a key must be a word, not a list or a map");
        const auto [first, fresh] = frame.seen.emplace(key.text, mark.line);
        if (!fresh)
            stop(mark, fmt::format("the key '{}' was given before, in line {}",
                                   core::cut_middle(core::printable(key.text), 60), first->second));
        frame.entry.key = key.text;
        frame.entry.mark = mark;
        frame.waits_for_value = true;
    }

    /// Replaces "<<: *base" and "<<: [*a, *b]" by the entries that the map has not itself; of
    /// several bases the first wins. Source: the merge key of YAML 1.1 (yaml.org/type/merge).
    static void resolve_merge_keys(Node& map) {
        const auto merge = std::ranges::find(map.entries, "<<", &Entry::key);
        if (merge == map.entries.end()) return;
        const Entry entry = *merge;
        map.entries.erase(merge);
        std::set<std::string, std::less<>> own;
        for (const auto& each : map.entries)
            own.insert(each.key);
        const std::vector<NodePtr> bases =
            entry.value->kind == Kind::sequence ? entry.value->items : std::vector{entry.value};
        for (const auto& base : bases) {
            if (base->kind != Kind::map) stop(entry.mark, "'<<' merges maps only");
            for (const auto& each : base->entries) {
                if (own.insert(each.key).second) map.entries.push_back(each);
            }
        }
    }

    int m_documents = 0;
    NodePtr m_root{};
    std::vector<Frame> m_frames{};
    std::map<YAML::anchor_t, NodePtr> m_anchors{};
};

Mark mark_of(std::string_view text, std::size_t at) {
    const auto before = text.substr(0, at);
    const auto line_start = before.rfind('\n');
    return {static_cast<int>(std::ranges::count(before, '\n')) + 1,
            static_cast<int>(line_start == std::string_view::npos ? at : at - line_start - 1) + 1};
}

/// yaml-cpp takes the byte 4 for the end of the text, and replaces what is no UTF-8: both would
/// hide a part of the file, so it is refused beforehand. Source: YAML 1.2.2, 5.1 (c-printable).
void check_characters(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto c = static_cast<unsigned char>(text[at]);
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
            stop(mark_of(text, at), fmt::format("a control character (0x{:02x})", c),
                 "the file must be plain UTF-8 text");
    }
    // printable() marks every invalid sequence, and only those, with one replacement character.
    constexpr std::string_view k_replacement = "\xEF\xBF\xBD";
    std::size_t line = 0;
    for (std::size_t at = 0; at < text.size(); ++line) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto here = text.substr(at, end - at);
        if (here.find(k_replacement) == std::string_view::npos
            && core::printable(here).find(k_replacement) != std::string::npos)
            stop({static_cast<int>(line) + 1, 1}, "bytes that are no UTF-8",
                 "the file must be plain UTF-8 text");
        at = end + 1;
    }
}

std::string_view line_of(std::string_view text, int line) {
    for (int i = 1; i < line; ++i) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

bool indented_by_tab(std::string_view line) {
    return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size())).find('\t')
           != std::string_view::npos;
}

/// Says in our words what yaml-cpp found, and names the tab where one is the reason.
Failure translated(const YAML::Exception& failure, std::string_view text) {
    const Mark mark = from(failure.mark);
    if (dynamic_cast<const YAML::DeepRecursion*>(&failure) != nullptr)
        return {mark, fmt::format("nested more than {} levels deep", k_most_depth), {}};
    Failure out{mark, "not valid YAML: " + core::printable(failure.msg), {}};
    for (const int line : {mark.line, mark.line - 1, mark.line + 1}) {
        if (line > 0 && indented_by_tab(line_of(text, line)))
            out.hint = fmt::format("line {} is indented by a tab: use blanks", line);
    }
    return out;
}

} // namespace

const Node* Node::find(std::string_view key) const {
    const auto found = std::ranges::find(entries, key, &Entry::key);
    return found == entries.end() ? nullptr : found->value.get();
}

std::expected<NodePtr, Failure> parse(std::string_view text) {
    try {
        if (text.size() > k_most_bytes)
            stop({1, 1}, fmt::format("larger than {} bytes", k_most_bytes));
        check_characters(text);
        std::istringstream in{std::string{text}};
        YAML::Parser parser(in);
        Builder builder;
        while (parser.HandleNextDocument(builder)) {
        }
        auto root = builder.root();
        return root ? root : std::make_shared<const Node>();
    } catch (const Stop& stopped) {
        return std::unexpected(stopped.failure);
    } catch (const YAML::Exception& failure) {
        return std::unexpected(translated(failure, text));
    } catch (const std::exception& failure) {
        return std::unexpected(
            Failure{{1, 1}, std::string{"cannot be read: "} + failure.what(), {}});
    }
}

std::string scalar(std::string_view text) {
    constexpr std::string_view k_words[] = {"true", "false", "null", "yes", "no",
                                            "on",   "off",   "y",    "n"};
    const auto is_plain = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
               || c == '_' || c == '.' || c == '/' || c == '-' || c == '+' || c == '%' || c == ':'
               || c == '=' || c == ' ' || c == '@' || c == ',' || c == '$';
    };
    const bool starts_well = !text.empty()
                             && ((text.front() >= 'a' && text.front() <= 'z')
                                 || (text.front() >= 'A' && text.front() <= 'Z')
                                 || text.front() == '/' || text.front() == '$');
    const bool plain = starts_well && std::ranges::all_of(text, is_plain) && text.back() != ' '
                       && text.back() != ':' && text.find(": ") == std::string_view::npos
                       && text.find(',') == std::string_view::npos
                       && std::ranges::find(k_words, core::to_lower(text)) == std::end(k_words);
    if (plain) return std::string{text};
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\x{:02x}", byte);
        } else {
            out += c;
        }
    }
    return out + "\"";
}

} // namespace config::yaml

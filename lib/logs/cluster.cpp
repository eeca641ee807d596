// SPDX-License-Identifier: MIT
#include "logs/cluster.hpp"

#include "logs/letters.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace logs {
namespace {

constexpr std::size_t k_enough_words = 3;
constexpr int k_rounds = 3;

/// All shapes that are alike but for the word at one place.
struct Bucket {
    std::size_t place = 0;
    std::uint64_t merged_hash = 0; ///< of the shape with a parameter there
    std::vector<std::uint32_t> members{};
};

bool is_all_capitals(std::string_view word) {
    const bool lower = std::ranges::any_of(word, [](char c) { return is(c, k_lower); });
    return !lower && std::ranges::any_of(word, [](char c) { return is(c, k_upper); });
}

/// "started", "Stopping": what was done tells kinds of messages apart, however many words there
/// are.
bool is_verb(std::string_view word) {
    return word.size() >= 5 && (word.ends_with("ed") || word.ends_with("ing"))
           && std::ranges::all_of(word, [](char c) { return is(c, k_letter); });
}

using Buckets = std::unordered_map<std::uint64_t, Bucket>;

void fill(Buckets& buckets, const Shape& shape, std::uint32_t number) {
    for (std::size_t place = 1; place < shape.parts.size(); ++place) {
        const auto& part = shape.parts[place];
        if (part.kind != Kind::literal || part.sign) continue;
        const auto merged =
            shape.hash - share_of_token(part.hash, place) + share_of_token(k_parameter_hash, place);
        auto& bucket = buckets[merged + place];
        bucket.place = place;
        bucket.merged_hash = merged;
        bucket.members.push_back(number);
    }
}

/// One round over the shapes that stand for themselves.
class Round {
  public:
    explicit Round(std::vector<Shape>& shapes) : m_shapes(shapes) {}

    /// Returns whether anything was merged.
    bool run() {
        collect();
        bool changed = false;
        for (const auto* bucket : m_largest_first)
            changed = merge(*bucket) || changed;
        return changed;
    }

  private:
    void collect() {
        for (std::uint32_t i = 0; i < m_shapes.size(); ++i) {
            if (!m_shapes[i].is_open()) continue;
            m_known.emplace(m_shapes[i].hash, i);
            fill(m_buckets, m_shapes[i], i);
        }
        for (const auto& [key, bucket] : m_buckets)
            if (bucket.members.size() > 1 || m_known.contains(bucket.merged_hash))
                m_largest_first.push_back(&bucket);
        std::ranges::sort(m_largest_first, [](const Bucket* a, const Bucket* b) {
            if (a->members.size() != b->members.size())
                return a->members.size() > b->members.size();
            return std::pair{a->members.front(), a->place}
                   < std::pair{b->members.front(), b->place};
        });
    }

    bool merge(const Bucket& bucket) {
        std::vector<std::uint32_t> members;
        std::size_t words = 0;
        bool verbs = true;
        for (const auto number : bucket.members) {
            if (!m_shapes[number].is_open()) continue;
            members.push_back(number);
            const auto& word = m_shapes[number].parts[bucket.place].text;
            if (!is_all_capitals(word)) ++words;
            verbs = verbs && is_verb(word);
        }
        const auto known = m_known.find(bucket.merged_hash);
        const bool is_known = known != m_known.end() && m_shapes[known->second].is_open();
        const bool enough = words >= k_enough_words && !verbs;
        if (members.empty() || (!enough && !is_known)) return false;
        const auto target = is_known ? known->second : target_of(bucket, members.front());
        for (const auto number : members) {
            m_shapes[target].seen.add(m_shapes[number].seen);
            m_shapes[target].marks |= m_shapes[number].marks;
            m_shapes[number].merged_into = target;
        }
        return true;
    }

    /// The shape with a parameter at the bucket's place, which is none of this round's.
    std::uint32_t target_of(const Bucket& bucket, std::uint32_t first) {
        const auto made = m_made.find(bucket.merged_hash);
        if (made != m_made.end()) return made->second;
        const auto number = static_cast<std::uint32_t>(m_shapes.size());
        m_made.emplace(bucket.merged_hash, number);
        Shape shape = m_shapes[first];
        shape.hash = bucket.merged_hash;
        shape.seen = {};
        shape.marks = 0;
        auto& part = shape.parts[bucket.place];
        part.kind = Kind::any;
        part.hash = k_parameter_hash;
        part.text = placeholder(Kind::any);
        m_shapes.push_back(std::move(shape));
        return number;
    }

    std::vector<Shape>& m_shapes;
    Buckets m_buckets{};
    std::vector<const Bucket*> m_largest_first{};
    std::unordered_map<std::uint64_t, std::uint32_t> m_known{};
    std::unordered_map<std::uint64_t, std::uint32_t> m_made{};
};

} // namespace

void merge_similar(std::vector<Shape>& shapes) {
    for (int i = 0; i < k_rounds; ++i)
        if (!Round{shapes}.run()) return;
}

} // namespace logs

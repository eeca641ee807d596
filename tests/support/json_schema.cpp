// SPDX-License-Identifier: MIT
#include "support/json_schema.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <regex>

namespace support {
namespace {

using Json = nlohmann::json;
using Problems = std::vector<std::string>;

bool has_type(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    if (type == "number") return value.is_number();
    if (type == "integer") return value.is_number_integer();
    return false;
}

class Validator {
  public:
    explicit Validator(const Json& root) : m_root(root) {}

    Problems check(const Json& value, const Json& schema, const std::string& at) const {
        Problems problems;
        if (schema.is_boolean()) {
            if (!schema.get<bool>()) problems.push_back(at + ": not allowed");
            return problems;
        }
        for (const auto& [keyword, argument] : schema.items()) {
            const auto rule = k_rules.find(keyword);
            if (rule == k_rules.end()) {
                problems.push_back(at + ": the schema's keyword " + keyword + " is not checked");
            } else if (rule->second != nullptr) {
                (this->*rule->second)({value, argument, schema, at}, problems);
            }
        }
        return problems;
    }

  private:
    struct Case {
        const Json& value;
        const Json& argument;
        const Json& schema;
        const std::string& at;
    };

    using Rule = void (Validator::*)(const Case&, Problems&) const;

    static void append(Problems& to, Problems from) {
        std::ranges::move(from, std::back_inserter(to));
    }

    void ref(const Case& c, Problems& problems) const {
        const auto target = c.argument.get<std::string>();
        append(problems, check(c.value, m_root.at(Json::json_pointer(target.substr(1))), c.at));
    }

    void type(const Case& c, Problems& problems) const {
        const auto types = c.argument.is_array() ? c.argument : Json::array({c.argument});
        const bool any = std::ranges::any_of(
            types, [&c](const Json& one) { return has_type(c.value, one.get<std::string>()); });
        if (!any) problems.push_back(c.at + ": is not of type " + c.argument.dump());
    }

    void constant(const Case& c, Problems& problems) const {
        if (c.value != c.argument) problems.push_back(c.at + ": is not " + c.argument.dump());
    }

    void enumeration(const Case& c, Problems& problems) const {
        if (std::ranges::find(c.argument, c.value) == c.argument.end())
            problems.push_back(c.at + ": " + c.value.dump() + " is none of " + c.argument.dump());
    }

    void required(const Case& c, Problems& problems) const {
        if (!c.value.is_object()) return;
        for (const auto& name : c.argument) {
            if (!c.value.contains(name.get<std::string>()))
                problems.push_back(c.at + ": lacks " + name.get<std::string>());
        }
    }

    void properties(const Case& c, Problems& problems) const {
        if (!c.value.is_object()) return;
        for (const auto& [name, member] : c.value.items()) {
            if (c.argument.contains(name))
                append(problems, check(member, c.argument.at(name), c.at + "/" + name));
        }
    }

    void additional(const Case& c, Problems& problems) const {
        if (!c.value.is_object()) return;
        const auto known = c.schema.value("properties", Json::object());
        for (const auto& [name, member] : c.value.items()) {
            if (!known.contains(name))
                append(problems, check(member, c.argument, c.at + "/" + name));
        }
    }

    void items(const Case& c, Problems& problems) const {
        if (!c.value.is_array()) return;
        const std::size_t first = c.schema.value("prefixItems", Json::array()).size();
        for (std::size_t i = first; i < c.value.size(); ++i)
            append(problems, check(c.value[i], c.argument, c.at + "/" + std::to_string(i)));
    }

    void prefix_items(const Case& c, Problems& problems) const {
        if (!c.value.is_array()) return;
        for (std::size_t i = 0; i < std::min(c.value.size(), c.argument.size()); ++i)
            append(problems, check(c.value[i], c.argument[i], c.at + "/" + std::to_string(i)));
    }

    void min_items(const Case& c, Problems& problems) const {
        if (c.value.is_array() && c.value.size() < c.argument.get<std::size_t>())
            problems.push_back(c.at + ": has too few items");
    }

    void max_items(const Case& c, Problems& problems) const {
        if (c.value.is_array() && c.value.size() > c.argument.get<std::size_t>())
            problems.push_back(c.at + ": has too many items");
    }

    void min_length(const Case& c, Problems& problems) const {
        if (c.value.is_string()
            && c.value.get_ref<const std::string&>().size() < c.argument.get<std::size_t>())
            problems.push_back(c.at + ": is too short");
    }

    void minimum(const Case& c, Problems& problems) const {
        if (c.value.is_number() && c.value.get<double>() < c.argument.get<double>())
            problems.push_back(c.at + ": is below " + c.argument.dump());
    }

    void maximum(const Case& c, Problems& problems) const {
        if (c.value.is_number() && c.value.get<double>() > c.argument.get<double>())
            problems.push_back(c.at + ": is above " + c.argument.dump());
    }

    void pattern(const Case& c, Problems& problems) const {
        if (!c.value.is_string()) return;
        const std::regex wanted(c.argument.get<std::string>());
        if (!std::regex_search(c.value.get_ref<const std::string&>(), wanted))
            problems.push_back(c.at + ": does not match " + c.argument.dump());
    }

    std::size_t matching(const Case& c) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            c.argument, [&](const Json& one) { return check(c.value, one, c.at).empty(); }));
    }

    void one_of(const Case& c, Problems& problems) const {
        if (matching(c) != 1) problems.push_back(c.at + ": does not match exactly one of oneOf");
    }

    void any_of(const Case& c, Problems& problems) const {
        if (matching(c) == 0) problems.push_back(c.at + ": matches none of anyOf");
    }

    void all_of(const Case& c, Problems& problems) const {
        for (const auto& one : c.argument)
            append(problems, check(c.value, one, c.at));
    }

    static const std::map<std::string, Rule> k_rules;
    const Json& m_root;
};

const std::map<std::string, Validator::Rule> Validator::k_rules{
    {"$schema", nullptr},
    {"$id", nullptr},
    {"$defs", nullptr},
    {"title", nullptr},
    {"description", nullptr},
    {"$ref", &Validator::ref},
    {"type", &Validator::type},
    {"const", &Validator::constant},
    {"enum", &Validator::enumeration},
    {"required", &Validator::required},
    {"properties", &Validator::properties},
    {"additionalProperties", &Validator::additional},
    {"items", &Validator::items},
    {"prefixItems", &Validator::prefix_items},
    {"minItems", &Validator::min_items},
    {"maxItems", &Validator::max_items},
    {"minLength", &Validator::min_length},
    {"minimum", &Validator::minimum},
    {"maximum", &Validator::maximum},
    {"pattern", &Validator::pattern},
    {"oneOf", &Validator::one_of},
    {"anyOf", &Validator::any_of},
    {"allOf", &Validator::all_of},
};

} // namespace

Problems validate(const Json& document, const Json& schema) {
    return Validator(schema).check(document, schema, "#");
}

} // namespace support

// SPDX-License-Identifier: MIT
#include "config/fields.hpp"
#include "config/show.hpp"
#include "config/types.hpp"

#include <nlohmann/json.hpp>

namespace config {
namespace {

using Json = nlohmann::ordered_json;

Json schema_of(const Field& field);

Json object_of(const Fields& fields) {
    Json properties = Json::object();
    Json required = Json::array();
    for (const auto& field : fields) {
        properties[std::string{field.key}] = schema_of(field);
        if (field.need == Need::required) required.push_back(field.key);
    }
    Json object = {{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) object["required"] = std::move(required);
    object["additionalProperties"] = false;
    return object;
}

Json list_of(const List& list) {
    Json item = object_of(list.add());
    if (!list.short_form.empty())
        item = Json{{"anyOf", Json::array({Json{{"type", "string"}}, item})}};
    Json many = {{"type", "array"}, {"items", item}};
    if (list.one_is_enough) return {{"anyOf", Json::array({many, item})}};
    if (!list.short_form.empty()) return {{"anyOf", Json::array({many, Json{{"type", "string"}}})}};
    return many;
}

/// The default as the file would hold it: a number or a flag stays one.
Json default_of(const Field& field) {
    const std::string text = format(field);
    if (text.empty()) return nullptr;
    const bool bare = field.type == Type::flag || field.type == Type::whole
                      || field.type == Type::number || field.type == Type::statuses;
    if (!bare) return text;
    return Json::parse(text, nullptr, false);
}

Json schema_of(const Field& field) {
    Json schema;
    if (const auto* group = std::get_if<Group>(&field.slot))
        schema = object_of(group->open());
    else if (const auto* list = std::get_if<List>(&field.slot))
        schema = list_of(*list);
    else if (const auto* named = std::get_if<Named>(&field.slot))
        schema = {{"type", "object"}, {"additionalProperties", object_of(named->add("NAME"))}};
    else
        schema = Json::parse(info(field.type).schema);
    std::string doc{field.doc};
    if (schema.contains("description")) doc += " " + schema["description"].get<std::string>();
    schema["description"] = doc;
    if (const Json value = default_of(field); !value.is_null()) schema["default"] = value;
    return schema;
}

} // namespace

std::string schema() {
    Config defaults;
    Json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"$id", "urn:gallery-ops:config:1"},
                 {"title", "gallery-ops configuration"}};
    root.update(object_of(fields_of(defaults)));
    // Keys for anchors, as compose files have them.
    root["patternProperties"] = {{"^x-", Json::object()}};
    return root.dump(2) + "\n";
}

} // namespace config

// SPDX-License-Identifier: MIT
#include "report/schema.hpp"

namespace report {

std::string_view json_schema() {
    static constexpr std::string_view k_text = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:gallery-ops:report:1",
  "title": "Report of gallery-ops",
  "description": "One shape for every command. Times are RFC 3339 in UTC.",
  "type": "object",
  "required": ["schema", "tool", "command", "project", "host", "run_id", "started_at",
               "duration_ms", "verdict", "summary", "findings", "details"],
  "properties": {
    "schema": {"const": "gallery-ops/report/1"},
    "tool": {
      "type": "object",
      "required": ["name", "version"],
      "properties": {"name": {"const": "gallery-ops"}, "version": {"type": "string"}}
    },
    "command": {"type": "string", "minLength": 1},
    "project": {"type": "string"},
    "host": {"type": "string", "description": "where the observer ran"},
    "run_id": {"type": "string", "description": "unique; sorts by time"},
    "scope": {"type": "string", "description": "what was looked at"},
    "started_at": {"$ref": "#/$defs/time"},
    "duration_ms": {"type": "integer", "minimum": 0},
    "interrupted": {"type": "boolean", "description": "what follows was found until then"},
    "narrowed": {"type": "boolean", "description": "a part was asked for; the rest says nothing"},
    "verdict": {"enum": ["ok", "warning", "critical", "unknown"]},
    "exit_code": {"type": "integer", "minimum": 0, "maximum": 255},
    "summary": {
      "type": "object",
      "required": ["ok", "warning", "critical", "unknown", "skipped"],
      "properties": {
        "ok": {"$ref": "#/$defs/count"},
        "warning": {"$ref": "#/$defs/count"},
        "critical": {"$ref": "#/$defs/count"},
        "unknown": {"$ref": "#/$defs/count"},
        "skipped": {"$ref": "#/$defs/count"}
      }
    },
    "notes": {"type": "array", "items": {"type": "string"}},
    "findings": {"type": "array", "items": {"$ref": "#/$defs/finding"}},
    "details": {"type": "array", "items": {"$ref": "#/$defs/block"}}
  },
  "$defs": {
    "time": {
      "type": "string",
      "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
    },
    "count": {"type": "integer", "minimum": 0},
    "figure": {"type": ["number", "null"]},
    "cell": {"type": ["string", "number", "null"]},
    "finding": {
      "type": "object",
      "required": ["id", "title", "verdict", "component", "target", "message", "caused_by",
                   "evidence", "owner", "contact", "escalation", "playbook", "remediation",
                   "duration_ms"],
      "properties": {
        "id": {"type": "string", "minLength": 1, "description": "command.family.subject; stable"},
        "title": {"type": "string"},
        "verdict": {"enum": ["ok", "warning", "critical", "unknown", "skipped"]},
        "group": {"type": "string", "description": "the line of the overview it belongs to"},
        "subject": {"type": "string"},
        "component": {"type": "string"},
        "target": {"type": "string", "description": "what was asked; secrets are masked"},
        "message": {"type": "string"},
        "brief": {"type": "string"},
        "measured": {
          "type": "object",
          "required": ["value", "unit"],
          "properties": {
            "value": {"$ref": "#/$defs/cell"},
            "unit": {"type": "string"},
            "expected": {"type": "string"},
            "warn": {"$ref": "#/$defs/figure"},
            "crit": {"$ref": "#/$defs/figure"},
            "max": {"$ref": "#/$defs/figure"}
          }
        },
        "since": {"$ref": "#/$defs/time"},
        "recurrence": {
          "type": "object",
          "required": ["times", "hours"],
          "description": "of a problem: how often it came up within the last hours, now included",
          "properties": {
            "times": {"type": "integer", "minimum": 1},
            "hours": {"type": "integer", "minimum": 1}
          }
        },
        "caused_by": {
          "type": "array",
          "items": {"type": "string"},
          "description": "ids of findings; annotation, changes no verdict"
        },
        "evidence": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["kind", "text"],
            "properties": {"kind": {"type": "string"}, "text": {"type": "string"}}
          }
        },
        "location": {
          "type": "object",
          "required": ["file"],
          "properties": {
            "file": {"type": "string"},
            "line": {"type": "integer", "minimum": 1},
            "column": {"type": "integer", "minimum": 1},
            "end_line": {"type": "integer", "minimum": 1}
          }
        },
        "owner": {"type": "string"},
        "contact": {"type": "string"},
        "escalation": {"type": "string"},
        "playbook": {"type": "string"},
        "remediation": {"type": "string"},
        "duration_ms": {"type": "number", "minimum": 0}
      }
    },
    "block": {
      "type": "object",
      "required": ["id", "title", "kind"],
      "properties": {
        "id": {"type": "string", "minLength": 1},
        "title": {"type": "string"},
        "kind": {"enum": ["table", "series", "timeline", "pairs", "text"]}
      },
      "oneOf": [
        {
          "required": ["columns", "rows"],
          "properties": {
            "kind": {"const": "table"},
            "columns": {"type": "array", "items": {"type": "string"}},
            "rows": {
              "type": "array",
              "items": {"type": "array", "items": {"$ref": "#/$defs/cell"}}
            }
          }
        },
        {
          "required": ["unit", "points"],
          "properties": {
            "kind": {"const": "series"},
            "unit": {"type": "string"},
            "points": {
              "type": "array",
              "items": {
                "type": "array",
                "prefixItems": [{"$ref": "#/$defs/time"}, {"$ref": "#/$defs/figure"}],
                "minItems": 2,
                "maxItems": 2
              }
            }
          }
        },
        {
          "required": ["events"],
          "properties": {
            "kind": {"const": "timeline"},
            "events": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["time", "phase", "event", "target"],
                "properties": {
                  "time": {"$ref": "#/$defs/time"},
                  "phase": {"type": "string"},
                  "event": {"type": "string"},
                  "target": {"type": "string"}
                }
              }
            }
          }
        },
        {
          "required": ["items"],
          "properties": {
            "kind": {"const": "pairs"},
            "items": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["name", "value"],
                "properties": {"name": {"type": "string"}, "value": {"$ref": "#/$defs/cell"}}
              }
            }
          }
        },
        {
          "required": ["text"],
          "properties": {"kind": {"const": "text"}, "text": {"type": "string"}}
        }
      ]
    }
  }
}
)json";
    return k_text;
}

} // namespace report

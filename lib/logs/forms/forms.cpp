// SPDX-License-Identifier: MIT
#include "logs/forms/all.hpp"

#include <array>

namespace logs {

std::span<const Form> forms() {
    static constexpr std::array k_all{
        Form{"json", parse_json},
        Form{"access", parse_access},
        Form{"nginx error", parse_nginx_error},
        Form{"apache error", parse_apache_error},
        Form{"postgres", parse_postgres},
        Form{"redis", parse_redis},
        Form{"syslog", parse_syslog},
        Form{"logfmt", parse_logfmt},
        Form{"level", parse_levelled},
    };
    return k_all;
}

} // namespace logs

// SPDX-License-Identifier: MIT
#pragma once

// Catch2 2.x (Debian 12) is one header, 3.x (Debian 13) a library with another include path.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>

using Catch::Approx; // version 2 brings it into the global namespace by itself
#else
#include <catch2/catch.hpp>
#endif

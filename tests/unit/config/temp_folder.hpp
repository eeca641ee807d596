// SPDX-License-Identifier: MIT
#pragma once

#include "support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace support {

/// A folder of a test's own, removed at its end.
class TempFolder {
  public:
    TempFolder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "gallery-ops-config-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        m_path = name;
    }

    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }

    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

    /// Writes a file of that mode, its folders included; returns its path.
    std::filesystem::path write(const std::string& name, const std::string& text,
                                mode_t mode = 0600) const {
        const auto file = m_path / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << text;
        REQUIRE(::chmod(file.c_str(), mode) == 0);
        return file;
    }

  private:
    std::filesystem::path m_path{};
};

} // namespace support

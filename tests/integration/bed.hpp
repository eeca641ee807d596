// SPDX-License-Identifier: MIT
#pragma once

#include "config/config.hpp"
#include "facts/docker.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The demo gallery as the integration tests' bed: `eval "$(scripts/demo-gallery env)"`.

namespace bed {

/// Where the running demo gallery is, from the environment that `demo-gallery env` prints.
struct Gallery {
    std::string docker_host{};
    std::string project{};
    std::string config_file{};
    std::uint16_t postgres_port = 0;
    std::uint16_t redis_port = 0;
};

/// Returns the gallery; without one the reason is printed and nothing is returned, or, when
/// GALLERY_OPS_REQUIRE_BED=1, the test fails.
[[nodiscard]] std::optional<Gallery> find();

/// Returns what the Engine tells of the gallery's `service`; the test fails without it.
[[nodiscard]] facts::Container container(const Gallery& gallery, const std::string& service);

/// Returns the gallery's Postgres and Redis as targets of a probe, with their passwords.
[[nodiscard]] config::Postgres postgres(const Gallery& gallery);
[[nodiscard]] config::Redis redis(const Gallery& gallery);

/// Runs a program with its arguments, its output thrown away; true when it exits with 0.
bool run(const std::vector<std::string>& words);

/// Freezes a service of the gallery for as long as this lives, as a SIGSTOP to each of its
/// processes would: what connects is taken in by the kernel and never answered.
class Frozen {
  public:
    Frozen(const Gallery& gallery, const std::string& service);
    ~Frozen();
    Frozen(const Frozen&) = delete;
    Frozen& operator=(const Frozen&) = delete;

  private:
    std::string m_container{};
};

/// A container beside the gallery's (of a project of its own, so that nobody else sees it), made
/// from the same image, running `script` in a shell; removed at the end.
class Extra {
  public:
    Extra(const Gallery& gallery, const std::string& script,
          const std::vector<std::string>& options = {});
    ~Extra();
    Extra(const Extra&) = delete;
    Extra& operator=(const Extra&) = delete;

    [[nodiscard]] const std::string& project() const { return m_project; }

    /// Waits until its only container is in `state`, and returns it; the test fails without.
    [[nodiscard]] facts::Container wait_for(facts::ContainerState state) const;

  private:
    const Gallery& m_gallery;
    std::string m_project{};
};

} // namespace bed

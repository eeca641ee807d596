// SPDX-License-Identifier: MIT
#include "net/trust_store.hpp"

#include "core/text.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string_view>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace net {
namespace {

using Store = std::shared_ptr<X509_STORE>;

/// What differs when a file was changed or replaced; all zero when there is none.
struct Stamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;

    bool operator==(const Stamp&) const = default;
};

struct Kept {
    std::vector<Stamp> stamps{};
    Store store{};
};

struct All {
    std::mutex mutex{};
    std::map<std::string, Kept> by_file{};
};

/// Never destroyed: a thread that was left behind may come back when the program ends.
All& all() {
    static auto* one = new All;
    return *one;
}

Stamp stamp_of(const std::string& path) {
    struct stat file{};
    if (::stat(path.c_str(), &file) != 0) return {};
    return {file.st_dev, file.st_ino, file.st_size, file.st_mtim.tv_sec, file.st_mtim.tv_nsec};
}

std::string setting(const char* variable, const char* otherwise) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody changes the environment
    const char* value = ::secure_getenv(variable);
    return value != nullptr ? value : otherwise;
}

/// Returns the paths from which the store is read; the system's as OpenSSL finds them.
std::vector<std::string> sources_of(const std::string& ca_file) {
    if (!ca_file.empty()) return {ca_file};
    std::vector<std::string> paths{
        setting(X509_get_default_cert_file_env(), X509_get_default_cert_file())};
    const auto folders = setting(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
    for (const auto folder : core::split(folders, ':'))
        paths.emplace_back(folder);
    return paths;
}

std::vector<Stamp> stamps_of(const std::string& ca_file) {
    std::vector<Stamp> stamps;
    for (const auto& path : sources_of(ca_file))
        stamps.push_back(stamp_of(path));
    return stamps;
}

Store read_store(const std::string& ca_file) {
    Store store{X509_STORE_new(), X509_STORE_free};
    if (!store) return nullptr;
    const int loaded = ca_file.empty() ? X509_STORE_set_default_paths(store.get())
                                       : X509_STORE_load_file(store.get(), ca_file.c_str());
    ERR_clear_error();
    return loaded == 1 ? store : nullptr;
}

} // namespace

std::shared_ptr<x509_store_st> trust_store(const std::string& ca_file) {
    auto stamps = stamps_of(ca_file);
    {
        const std::scoped_lock lock{all().mutex};
        const auto found = all().by_file.find(ca_file);
        if (found != all().by_file.end() && found->second.stamps == stamps)
            return found->second.store;
    }
    // Read without the lock: a file that hangs must hold up nobody else.
    auto store = read_store(ca_file);
    if (!store) return nullptr;
    const std::scoped_lock lock{all().mutex};
    all().by_file[ca_file] = {std::move(stamps), store};
    return store;
}

} // namespace net

// SPDX-License-Identifier: MIT
#include "probe/mounts.hpp"
#include "support/catch.hpp"

#include <algorithm>

namespace probe_mounts_test {
namespace {

std::vector<std::string> chosen(std::string_view mountinfo) {
    std::vector<std::string> points;
    for (const auto& mount : probe::real_filesystems(probe::parse_mountinfo(mountinfo)))
        points.push_back(mount.mount_point);
    return points;
}

using Points = std::vector<std::string>;

} // namespace

TEST_CASE("mountinfo is read with its escapes and optional fields") {
    const auto mounts = probe::parse_mountinfo(
        "28 27 254:0 /a\\040b /mnt/with\\040blank\\134 rw,relatime shared:1 master:2 - ext4 "
        "/dev/vda ro,errors=remount-ro\n"
        "no dash at all\n"
        "1 2 3:4 / - ext4\n"
        " - \n");
    REQUIRE(mounts.size() == 1);
    CHECK(mounts[0].root == "/a b");
    CHECK(mounts[0].mount_point == "/mnt/with blank\\");
    CHECK(mounts[0].read_only);
    CHECK(mounts[0].source == "/dev/vda");
}

TEST_CASE("each device once, at its own root rather than at a bound folder") {
    CHECK(chosen("1 0 254:0 /srv /b rw - ext4 /dev/vda rw\n"
                 "2 0 254:0 / / rw - ext4 /dev/vda rw\n"
                 "3 0 254:16 / /data rw - xfs /dev/vdb rw\n"
                 "4 0 254:16 / /var/lib/docker/volumes/x rw - xfs /dev/vdb rw\n")
          == Points{"/", "/data"});
}

TEST_CASE("subvolumes and network mounts of one source count once") {
    CHECK(chosen("1 0 0:30 /@ / rw - btrfs /dev/sda2 rw\n"
                 "2 0 0:31 /@home /home rw - btrfs /dev/sda2 rw\n"
                 "3 0 0:50 / /nfs rw - nfs4 server:/export rw\n"
                 "4 0 0:51 / /nfs2 rw - nfs4 server:/export rw\n")
          == Points{"/", "/nfs"});
}

TEST_CASE("what can't fill up is left out") {
    CHECK(chosen("1 0 0:1 / /proc rw - proc proc rw\n"
                 "2 0 0:2 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
                 "3 0 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro\n"
                 "4 0 11:0 / /media/cd ro - iso9660 /dev/sr0 ro\n"
                 "5 0 0:5 / /var/lib/docker/overlay2/ab/merged rw - overlay overlay rw\n"
                 "6 0 0:6 / /run rw - tmpfs tmpfs rw\n"
                 "7 0 0:7 / /dev/shm rw - tmpfs tmpfs rw\n"
                 "8 0 0:8 / /var/lib/docker/containers/ab/mounts/shm rw - tmpfs shm rw\n"
                 "9 0 254:0 /etc/hosts /etc/hosts rw - ext4 /dev/vda rw\n")
              .empty());
}

TEST_CASE("a tmpfs volume and the overlay that is our root can fill up") {
    CHECK(chosen("1 0 0:5 / / rw - overlay overlay rw\n"
                 "2 0 0:6 / /var/lib/docker/volumes/cache/_data rw - tmpfs tmpfs rw,size=1m\n"
                 "3 0 0:7 / /tmp rw - tmpfs tmpfs rw\n")
          == Points{"/", "/tmp", "/var/lib/docker/volumes/cache/_data"});
}

TEST_CASE("a mount hides what was mounted there before") {
    CHECK(chosen("1 0 254:16 / /data rw - ext4 /dev/vdb rw\n"
                 "2 0 0:6 / /data rw - proc proc rw\n")
              .empty());
}

TEST_CASE("figures come from the living, those that are gone are left out") {
    probe::MountEntry root;
    root.mount_point = "/";
    root.type = "ext4";
    probe::MountEntry gone;
    gone.mount_point = "/no/such/folder";
    const auto all =
        probe::measure({root, gone}, core::Deadline::after(std::chrono::seconds{10}), {});
    REQUIRE(all.size() == 1);
    CHECK(all[0].mount_point == "/");
    CHECK(all[0].total.count > 0);
    CHECK(all[0].used <= all[0].total);
    CHECK_FALSE(all[0].unresponsive);
}

} // namespace probe_mounts_test

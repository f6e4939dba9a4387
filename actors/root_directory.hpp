#pragma once

#include <ottla/actors/directory.hpp>

#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ottla {

/// The directory that an application starts with. Holds the names of its own processes, and mounts
/// other directories below a prefix: `orders/worker/orders/3` is `worker/orders/3` in the directory
/// mounted as `orders`. Below a prefix without a mount, names are ordinary names of this directory.
/// Made for few names that seldom change; use a registry for many.
///
/// Thread safety: call from any thread. The entry of a dead holder stays until the name is released
/// or claimed again.
class root_directory : public directory {
public:
  caf::actor whereis(std::string_view name) const override;
  bool visit(std::string_view name, process_visitor use) const override;
  std::shared_ptr<const registration> keep(std::string_view name) const override;
  caf::actor claim(std::string_view name, const caf::actor& who) override;
  caf::actor claim_held(std::string_view name, const caf::actor& who) override;
  void release(std::string_view name, const caf::actor_addr& who) override;
  bool mount(std::string_view prefix, std::shared_ptr<directory> names) override;
  caf::actor mount_for(const caf::actor& owner, std::string_view prefix,
                       std::shared_ptr<directory> names) override;
  void unmount(const caf::actor_addr& owner) override;
  std::shared_ptr<directory> mounted(std::string_view prefix) const override;

private:
  struct mount_point {
    std::shared_ptr<directory> names;
    /// Null if the mount belongs to no process.
    caf::actor_addr owner;
  };

  std::shared_ptr<directory> mounted_for(std::string_view name, std::string_view& rest) const;
  /// The living process that mounted at `prefix`, or that holds a name below it. Call under the
  /// lock. Every handle made here goes into `made`, which must outlive the lock.
  caf::actor owner_of(std::string_view prefix, std::vector<caf::actor>& made) const;

  mutable std::shared_mutex guard_;
  std::map<std::string, caf::actor_addr, std::less<>> names_;
  std::map<std::string, mount_point, std::less<>> mounted_;
};

} // namespace ottla

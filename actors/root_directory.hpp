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

/// The directory of an application. Holds the names of the application's own processes, and mounts
/// other directories below a prefix: `orders/worker/orders/3` is `worker/orders/3` in the directory
/// mounted as `orders`. Names below a prefix without a mount are ordinary names of this directory.
/// Use a name_table for many names or for names that change often. The entry of a dead holder stays
/// until the name is released or claimed again.
///
/// Thread safety: call from any thread.
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
    /// The process that owns the mount; null if no process owns it.
    caf::actor_addr owner;
  };

  std::shared_ptr<directory> mounted_for(std::string_view name, std::string_view& rest) const;
  /// The living process that has mounted at `prefix` or holds a name below it. Call under the lock.
  /// Appends every handle that it creates to `made`, which must outlive the lock.
  caf::actor owner_of(std::string_view prefix, std::vector<caf::actor>& made) const;

  mutable std::shared_mutex guard_;
  std::map<std::string, caf::actor_addr, std::less<>> names_;
  std::map<std::string, mount_point, std::less<>> mounted_;
};

} // namespace ottla

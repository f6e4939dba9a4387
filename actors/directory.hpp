#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/registration.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace ottla {

/// Finds processes by name. The registry implements it; whoever starts or sends to processes knows
/// only this.
///
/// Thread safety: call from any thread.
class directory {
public:
  virtual ~directory() = default;

  /// The living process of that name; null where nobody living holds it.
  virtual caf::actor whereis(std::string_view name) const = 0;

  /// Runs `use` with the living process of that name, without making it the caller's where it can
  /// do so; false where there is none. For something short, like sending: what readers may see is
  /// not freed meanwhile.
  virtual bool visit(std::string_view name, process_visitor use) const {
    const auto holder = whereis(name);
    if (!holder)
      return false;
    use(holder);
    return true;
  }

  /// What a sender keeps so that it need not look the name up each time; null where nobody living
  /// holds the name, or where this directory looks up as fast.
  virtual std::shared_ptr<const registration> keep(std::string_view name) const {
    static_cast<void>(name);
    return nullptr;
  }

  /// Gives the name to a process, unless a living one holds it: answers who holds it now. A dead
  /// holder is as good as none, and a dead claimant gets nothing: null. Again by the holder it
  /// changes nothing.
  virtual caf::actor claim(std::string_view name, const caf::actor& who) = 0;

  /// The same for a process that its starter holds until it has ended and that releases the name
  /// when it does: the directory may hold it as well, and has less to secure when it is visited.
  virtual caf::actor claim_held(std::string_view name, const caf::actor& who) {
    return claim(name, who);
  }

  /// Takes the name back, where `who` holds it. By address, as whoever ends has no handle to
  /// itself any more.
  virtual void release(std::string_view name, const caf::actor_addr& who) = 0;

  /// Makes `names` answer for everything below `prefix/`, in place of what answered before. False
  /// where this directory has no room for others, or where the prefix belongs to a living process.
  virtual bool mount(std::string_view prefix, std::shared_ptr<directory> names) {
    static_cast<void>(prefix);
    static_cast<void>(names);
    return false;
  }

  /// The same for as long as `owner` lives. Answers the owner of the prefix: another living process
  /// that mounted there, or that holds a name below the prefix, keeps it. Null where this directory
  /// has no room for others, or where `owner` is dead.
  virtual caf::actor mount_for(const caf::actor& owner, std::string_view prefix,
                               std::shared_ptr<directory> names) {
    return mount(prefix, std::move(names)) ? owner : caf::actor{};
  }

  /// Gives up whatever `owner` mounted. Until another process mounts there, the same directories
  /// answer.
  virtual void unmount(const caf::actor_addr& owner) { static_cast<void>(owner); }

  /// What was mounted there, null for nothing.
  virtual std::shared_ptr<directory> mounted(std::string_view prefix) const {
    static_cast<void>(prefix);
    return nullptr;
  }
};

} // namespace ottla

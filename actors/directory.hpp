#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/registration.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace ottla {

/// Finds processes by name. The registry's name_table implements this interface; code that starts
/// or sends to processes depends on the interface only.
///
/// Thread safety: call from any thread.
class directory {
public:
  virtual ~directory() = default;

  /// The living process with that name; null if there is none.
  virtual caf::actor whereis(std::string_view name) const = 0;

  /// Runs `use` with the living process of that name; false if there is none. The directory may
  /// pass its own handle without a copy. Keep `use` short, such as a send: nothing that readers may
  /// see is freed meanwhile.
  virtual bool visit(std::string_view name, process_visitor use) const {
    const auto holder = whereis(name);
    if (!holder)
      return false;
    use(holder);
    return true;
  }

  /// A registration that a sender keeps to avoid further look-ups. Null if no living process holds
  /// the name, or if a look-up in this directory is as fast.
  virtual std::shared_ptr<const registration> keep(std::string_view name) const {
    static_cast<void>(name);
    return nullptr;
  }

  /// Gives the name to `who`, unless another living process holds it. Returns the holder; null if
  /// `who` is dead. A dead holder does not count. A repeated claim by the holder changes nothing.
  virtual caf::actor claim(std::string_view name, const caf::actor& who) = 0;

  /// The same for a process whose starter holds a handle until the process has ended, and which
  /// then releases the name. The directory may hold a handle too, which makes visits cheaper.
  virtual caf::actor claim_held(std::string_view name, const caf::actor& who) {
    return claim(name, who);
  }

  /// Releases the name if `who` holds it. Takes an address, since an ending process has no handle
  /// to itself.
  virtual void release(std::string_view name, const caf::actor_addr& who) = 0;

  /// Makes `names` resolve everything below `prefix/`, in place of the directory mounted there
  /// before. False if this directory has no mounts, or if the prefix belongs to a living process.
  virtual bool mount(std::string_view prefix, std::shared_ptr<directory> names) {
    static_cast<void>(prefix);
    static_cast<void>(names);
    return false;
  }

  /// The same for as long as `owner` lives. Returns the owner of the prefix: another living process
  /// that mounted there, or that holds a name below the prefix, keeps it. Null if this directory
  /// has no mounts, or if `owner` is dead.
  virtual caf::actor mount_for(const caf::actor& owner, std::string_view prefix,
                               std::shared_ptr<directory> names) {
    return mount(prefix, std::move(names)) ? owner : caf::actor{};
  }

  /// Ends the ownership of all that `owner` mounted. The mounted directories keep answering until
  /// another process mounts there.
  virtual void unmount(const caf::actor_addr& owner) { static_cast<void>(owner); }

  /// The directory mounted at `prefix`; null if there is none.
  virtual std::shared_ptr<directory> mounted(std::string_view prefix) const {
    static_cast<void>(prefix);
    return nullptr;
  }
};

} // namespace ottla

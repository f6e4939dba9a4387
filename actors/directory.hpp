#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/actors/registration.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace ottla {

/// Finds processes by name. Code that starts processes or sends to them depends only on this
/// interface. Its implementations, and the types with which senders use it:
///
///     name_table           the names of a registry: any number of names, values, duplicate names
///     root_directory       the names of an application; mounts other directories below a prefix
///     partition_directory  keys spread over the processes of a partition_supervisor
///     process_ref          a name and its directory, or a handle: the receiver of call, cast, post
///     kept_ref             a process_ref that caches the look-up, for frequent sends to one name
///     registration         the cached look-up of a kept_ref
///
/// Thread safety: call from any thread.
class directory {
public:
  virtual ~directory() = default;

  /// The living process with that name; null if there is none.
  virtual caf::actor whereis(std::string_view name) const = 0;

  /// Runs `use` with the living process of that name. Returns false if there is none. The directory
  /// may pass its own handle without a copy. `use` must be short, for example one send. While `use`
  /// runs, the directory cannot free removed entries.
  virtual bool visit(std::string_view name, process_visitor use) const {
    const auto holder = whereis(name);
    if (!holder)
      return false;
    use(holder);
    return true;
  }

  /// A registration, which a sender keeps to avoid further look-ups. Null if no living process
  /// holds the name, or if a look-up in this directory is as fast as a registration.
  virtual std::shared_ptr<const registration> keep(std::string_view name) const {
    static_cast<void>(name);
    return nullptr;
  }

  /// Gives the name to `who`, unless another living process holds it. Returns the holder; null if
  /// `who` is dead. A dead holder does not count. A repeated claim by the holder changes nothing. A
  /// name_table with duplicate names adds a registration at each claim, whoever holds the name.
  virtual caf::actor claim(std::string_view name, const caf::actor& who) = 0;

  /// Like claim. The process must release the name when it ends, and its starter must hold a handle
  /// until that end. The directory may hold a handle too, which makes visits cheaper.
  virtual caf::actor claim_held(std::string_view name, const caf::actor& who) {
    return claim(name, who);
  }

  /// Releases the name if `who` holds it. Takes an address, since an ending process has no handle
  /// to itself.
  virtual void release(std::string_view name, const caf::actor_addr& who) = 0;

  /// Mounts `names` at `prefix`: `names` resolves every name below `prefix/`. Replaces the
  /// directory mounted there before. Returns false if this directory does not support mounts, or if
  /// a living process owns the prefix or holds a name below it.
  virtual bool mount(std::string_view prefix, std::shared_ptr<directory> names) {
    static_cast<void>(prefix);
    static_cast<void>(names);
    return false;
  }

  /// Like mount, but the prefix belongs to `owner` until `owner` ends. Returns the owner of the
  /// prefix. If another living process has mounted at the prefix or holds a name below it, mounts
  /// nothing and returns that process. Null if this directory does not support mounts, or if
  /// `owner` is dead.
  virtual caf::actor mount_for(const caf::actor& owner, std::string_view prefix,
                               std::shared_ptr<directory> names) {
    return mount(prefix, std::move(names)) ? owner : caf::actor{};
  }

  /// Ends the ownership of all prefixes of `owner`. The directories stay mounted until another
  /// process mounts at their prefixes.
  virtual void unmount(const caf::actor_addr& owner) { static_cast<void>(owner); }

  /// The directory mounted at `prefix`; null if there is none.
  virtual std::shared_ptr<directory> mounted(std::string_view prefix) const {
    static_cast<void>(prefix);
    return nullptr;
  }
};

} // namespace ottla

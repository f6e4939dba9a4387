#pragma once

#include <ottla/registry/internal/entry.hpp>
#include <ottla/registry/internal/limbo.hpp>
#include <ottla/registry/internal/name_index.hpp>
#include <ottla/registry/internal/pending_changes.hpp>
#include <ottla/registry/internal/read_section.hpp>
#include <ottla/registry/name_table.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ottla::detail {

/// The implementation of a name_table: its entries, their indexes by name and by holder, and the
/// reports to its registry. All writes are here, under one lock. Reads are in name_table.
///
///   - name_index finds the first entry of a name, without a lock.
///   - entry is one registration. It is in the list of its name and in the list of its holder.
///   - limbo keeps removed entries until no reader can still see them. read_section marks readers.
///   - slab provides the memory that look-ups read.
///   - pending_changes holds the changes that the registry has not taken yet.
///
/// A look-up by name takes no lock. It opens a read_section, finds the first entry of the name in
/// the name_index by atomic loads, and walks the name's entries to the first whose holder lives.
/// While the section is open, no entry that the look-up can reach is freed.
///
/// A claim takes the lock and finds the first entry of the name. If a living process holds a unique
/// name, the claim returns this process. If a dead process holds a unique name, the claim unlinks
/// the dead process's entry. The claim then links a complete new entry into the lists of its name
/// and of its holder. Unlinked entries go to limbo, which frees them when no open read_section can
/// still reach them.
///
/// root_directory::claim enforces the same rule for an application's own names.
class claimed_names {
public:
  claimed_names(std::string name, key_rule keys);
  ~claimed_names();

  const std::string& name() const noexcept { return name_; }
  key_rule rule() const noexcept { return rule_; }
  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

  const name_index& index() const noexcept { return index_; }

  caf::actor claim(std::string_view name, const caf::actor& who, holding how, name_value value);

  using value_match = std::function<bool(const name_value&)>;

  /// A null `matched` matches every value.
  std::size_t release(std::string_view name, const caf::actor_addr& who,
                      const value_match& matched);
  bool update(std::string_view name, const caf::actor_addr& who,
              const std::function<std::any(const name_value&)>& change);

  /// Passes each entry of `who` to `see`, in a read_section and without the lock.
  template <class See>
  void walk_holder(const caf::actor_addr& who, See see) const {
    std::unique_lock lock{guard_};
    const auto found = holders_.find(id_of(who));
    if (found == holders_.end())
      return;
    const read_section reading;
    const entry* each = found->second.first;
    lock.unlock();
    for (; each != nullptr; each = each->next_of_holder())
      see(*each);
  }

  // For the registry.

  /// Reports to `registry` from now on. Call holders_after() after this, so that no holder is
  /// missed.
  void report_to(const caf::actor_addr& registry, bool has_listeners);
  /// Maximum number of items handled under one lock, so that a write waits only for microseconds.
  static constexpr std::size_t at_a_time = 128;

  /// Up to at_a_time processes that hold names, sorted by id, with ids greater than `last`. Empty
  /// if there are no more.
  std::vector<caf::actor_addr> holders_after(caf::actor_id last);

  struct changed_holder {
    caf::actor_addr who;
    bool has_names;
  };
  /// Up to at_a_time changes. If the result has at_a_time changes, the registry must call again
  /// without a notification.
  std::vector<changed_holder> take_changed_holders();
  std::deque<name_event> take_events();

  /// Releases all names of `who`, which is dead.
  void release_all(const caf::actor_addr& who);

  // Values of the registry itself.

  void put_meta(std::string_view key, name_value value);
  name_value meta(std::string_view key) const;
  void delete_meta(std::string_view key);

private:
  struct holder {
    caf::actor_addr who = {};
    entry* first = nullptr;
    /// A change of this holder is in changes_.
    bool is_pending = false;
  };
  using holder_list = std::map<caf::actor_id, holder>;

  /// A write under the lock. Notifies the registry and frees due objects after it has released the
  /// lock.
  class change;

  static caf::actor_id id_of(const caf::actor_addr& who) noexcept { return who ? who.id() : 0; }

  /// The entries of `who` under the name. Searches the shorter of the two lists.
  std::vector<entry*> entries_of(std::string_view name, const caf::actor_addr& who);
  void link(entry& added, entry* first_in_name);
  void unlink(entry* gone);
  void report_change_of(holder& changed);
  void erase_if_idle(holder_list::iterator owner);
  /// Releases up to at_a_time names. Returns false if it released at_a_time names. More names may
  /// then be left.
  bool release_some(const caf::actor_addr& who);

  const std::string name_;
  const key_rule rule_;

  mutable std::mutex guard_;
  limbo removed_;
  name_index index_{removed_};
  /// A tree, since the growth of a hash table with a million holders would stall a write.
  holder_list holders_;
  pending_changes changes_;
  std::atomic<std::size_t> size_ = 0;

  mutable std::mutex meta_guard_;
  std::map<std::string, name_value, std::less<>> meta_;
};

} // namespace ottla::detail

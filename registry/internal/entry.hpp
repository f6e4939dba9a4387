#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/registry/internal/bytes.hpp>
#include <ottla/registry/registered.hpp>

#include <atomic>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace ottla::detail {

/// Whether an entry keeps its holder in memory.
enum class holding : std::uint8_t { weak, strong };

/// Handles that a reader releases after its read_section. Each of them may be the last handle of
/// its process. The destructor of the process is code of the program, and must not run in a
/// section. Declare this object before the section.
class released_handles {
public:
  /// Keeps the handle, and returns a reference to it. The reference is valid until the next call.
  const caf::actor& add(caf::actor handle) {
    if (!first_)
      return first_ = std::move(handle);
    return others_.emplace_back(std::move(handle));
  }

private:
  caf::actor first_; // most readers have one handle, and allocate nothing
  std::vector<caf::actor> others_;
};

/// One registration of a process. The name and the holder of an entry never change. Another holder
/// gets another entry. The writer marks a removed entry as over, and the mark stays.
///
/// An entry is in two lists: the entries of its name, and the entries of its holder. Readers walk
/// the lists while a writer changes them. A removed entry still points to the entries after it. New
/// entries are inserted where a reader in the middle of a walk misses no older entry.
class entry {
public:
  /// Makes an entry that the caller owns and releases by dispose. The name is stored directly after
  /// the entry.
  static entry* make(std::string_view name, std::uint64_t hash, const caf::actor& holder,
                     holding how, name_value value);

  /// Releases the holder, and frees the entry unless it is kept. Limbo calls this when no reader is
  /// left.
  static void dispose(entry* what);

  entry(const entry&) = delete;
  entry& operator=(const entry&) = delete;

  std::string_view name() const noexcept {
    return {reinterpret_cast<const char*>(this + 1), length_};
  }
  std::uint64_t hash() const noexcept { return hash_; }
  const caf::actor_addr& holder() const noexcept { return address_; }
  /// The holder, dead or alive, of an entry that is not over. Release the table's lock before this
  /// handle, since this handle may be the last one.
  caf::actor holder_handle() const { return held_ ? held_ : caf::actor_cast<caf::actor>(address_); }

  bool has_name(std::string_view name) const noexcept {
    return name.size() == length_ && equal(this->name().data(), name.data(), length_);
  }

  // For readers, in a read_section.

  /// Runs `use` with the holder if the holder lives. A held handle needs no reference counting.
  /// Adds a copied handle to `released`.
  template <class Use>
  bool with_living(Use&& use, released_handles& released) const {
    if (is_over())
      return false;
    if (held_) {
      if (!is_living(held_))
        return false;
      use(held_);
      return true;
    }
    auto secured = caf::actor_cast<caf::actor>(address_);
    if (!secured)
      return false;
    const auto& holder = released.add(std::move(secured));
    if (!is_living(holder))
      return false;
    use(holder);
    return true;
  }

  /// Copies a handle to the holder if the holder lives. Adds the handle of a dead holder to
  /// `released`.
  bool copy_living(caf::actor& into, released_handles& released) const {
    if (is_over())
      return false;
    auto holder = holder_handle();
    if (!holder)
      return false;
    if (!is_living(holder)) {
      released.add(std::move(holder));
      return false;
    }
    into = std::move(holder);
    return true;
  }

  name_value value() const {
    const auto* cell = value_.load(std::memory_order_acquire);
    return cell != nullptr ? *cell : nullptr;
  }

  const entry* next_in_name() const noexcept {
    return next_in_name_.load(std::memory_order_acquire);
  }
  const entry* next_of_holder() const noexcept {
    return next_of_holder_.load(std::memory_order_acquire);
  }

  /// Keeps the entry readable until drop(), even if the table is destroyed.
  void keep() const noexcept { keepers_.fetch_add(1, std::memory_order_relaxed); }
  void drop() const noexcept;

  // For the writer.

  entry* writers_next_in_name() noexcept { return next_in_name_.load(std::memory_order_relaxed); }
  entry* writers_next_of_holder() noexcept {
    return next_of_holder_.load(std::memory_order_relaxed);
  }

  /// Marks the entry as over, for readers that keep it or find it in a replaced segment.
  void end() noexcept { over_.store(true, std::memory_order_release); }

  /// Whether the entry holds an object of the program, which should be released soon.
  bool is_costly() const noexcept {
    return held_ || value_.load(std::memory_order_relaxed) != nullptr;
  }

  /// Returns the former value, which the caller must dispose of.
  name_value* exchange_value(name_value value);

  /// Appends this entry to the list of its name.
  void append_to(entry* first_in_name) noexcept;
  /// Removes this entry from the list of its name. Returns the first remaining entry.
  entry* unlink_from(entry* first_in_name) noexcept;

  /// Prepends this entry to the list of its holder.
  void prepend_to(entry* first_of_holder) noexcept;
  /// Removes this entry from the list of its holder. Returns the first remaining entry.
  entry* unlink_from_holder(entry* first_of_holder) noexcept;

private:
  bool is_over() const noexcept { return over_.load(std::memory_order_acquire); }

  /// The caller must keep the holder in memory.
  bool is_living(const caf::actor& holder) const {
    return scheduled_ ? is_alive_scheduled(holder) : is_alive(holder);
  }

  entry(std::string_view name, std::uint64_t hash, const caf::actor& holder, holding how,
        name_value* value) noexcept;
  ~entry();

  /// The first entry of the list points to the last entry.
  entry* previous_in_name_ = this;
  std::atomic<entry*> next_in_name_ = nullptr;
  entry* previous_of_holder_ = nullptr;
  std::atomic<entry*> next_of_holder_ = nullptr;
  std::uint64_t hash_;
  std::atomic<name_value*> value_;
  caf::actor_addr address_;
  mutable std::atomic<std::uint32_t> keepers_ = 1;

  // The members that a look-up of a held handle reads. They start at byte 64, directly before the
  // name. With a name of up to 16 bytes, members and name take 32 bytes. Entries begin at multiples
  // of 16, so these bytes are in one cache line or in two adjacent lines.
  /// Null if the entry must not keep its holder alive.
  caf::actor held_;
  std::uint16_t length_;
  std::atomic<bool> over_ = false;
  bool scheduled_;
};

} // namespace ottla::detail

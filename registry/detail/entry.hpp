#pragma once

#include <ottla/actors/caf.hpp>
#include <ottla/registry/detail/bytes.hpp>
#include <ottla/registry/registered.hpp>

#include <atomic>
#include <cstdint>
#include <string_view>
#include <utility>

namespace ottla::detail {

/// One process under one name: what a reader finds. Name and holder never change; that it is over
/// is said once. Another process gets another entry.
///
/// It is in two lists, of those under its name and of those of its holder, which readers walk while
/// a writer changes them: an entry that is taken out still leads on to what came after it, and new
/// ones come where no reader that is on its way misses one that was there when it began.
class entry {
public:
  /// Owned by the caller, who gives it up by dispose. Room for the name is behind it.
  static entry* make(std::string_view name, std::uint64_t hash, const caf::actor& holder, bool held,
                     name_value value);

  /// Lets the holder go, and itself unless somebody keeps it. For limbo: no reader is left.
  static void dispose(entry* what);

  entry(const entry&) = delete;
  entry& operator=(const entry&) = delete;

  std::string_view name() const noexcept {
    return {reinterpret_cast<const char*>(this + 1), length_};
  }
  std::uint64_t hash() const noexcept { return hash_; }
  const caf::actor_addr& holder() const noexcept { return address_; }
  /// Dead or alive, of one that is not over. To be let go after the table's lock: it may be the
  /// last handle.
  caf::actor holder_handle() const { return held_ ? held_ : caf::actor_cast<caf::actor>(address_); }

  bool is(std::string_view name) const noexcept {
    return name.size() == length_ && equal(this->name().data(), name.data(), length_);
  }

  // For readers, in a read_section.

  /// Runs `use` with the holder if that lives. One that is held needs no counting.
  template <class Use>
  bool with_living(Use&& use) const {
    if (is_over())
      return false;
    if (held_) {
      if (!is_living(held_))
        return false;
      use(held_);
      return true;
    }
    caf::actor secured;
    if (!copy_living(secured))
      return false;
    use(secured);
    return true;
  }

  /// Makes the holder the caller's own if that lives.
  bool copy_living(caf::actor& into) const {
    if (is_over())
      return false;
    auto holder = holder_handle();
    if (!holder || !is_living(holder))
      return false;
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

  /// It stays readable until it is dropped, whatever becomes of the table.
  void keep() const noexcept { keepers_.fetch_add(1, std::memory_order_relaxed); }
  void drop() const noexcept;

  // For the writer.

  entry* next_in_name() noexcept { return next_in_name_.load(std::memory_order_relaxed); }
  entry* next_of_holder() noexcept { return next_of_holder_.load(std::memory_order_relaxed); }

  /// Whoever keeps it, or finds it in what was there before, sees that it is over.
  void end() noexcept { over_.store(true, std::memory_order_release); }

  /// Something of a user's hangs on it, which should not wait for long.
  bool is_costly() const noexcept {
    return held_ || value_.load(std::memory_order_relaxed) != nullptr;
  }

  /// The former value, to be disposed of.
  name_value* exchange_value(name_value value);

  /// Under its name: behind the last.
  void append_to(entry* first_in_name) noexcept;
  /// Answers the first that is left.
  entry* unlink_from(entry* first_in_name) noexcept;

  /// Of its holder: before the first.
  void prepend_to(entry* first_of_holder) noexcept;
  entry* unlink_from_holder(entry* first_of_holder) noexcept;

private:
  bool is_over() const noexcept { return over_.load(std::memory_order_acquire); }

  /// Of one that cannot go meanwhile.
  bool is_living(const caf::actor& holder) const {
    return scheduled_ ? is_alive_scheduled(holder) : is_alive(holder);
  }

  entry(std::string_view name, std::uint64_t hash, const caf::actor& holder, bool held,
        name_value* value) noexcept;
  ~entry();

  /// The first one's is the last.
  entry* previous_in_name_ = this;
  std::atomic<entry*> next_in_name_ = nullptr;
  entry* previous_of_holder_ = nullptr;
  std::atomic<entry*> next_of_holder_ = nullptr;
  std::uint64_t hash_;
  std::atomic<name_value*> value_;
  caf::actor_addr address_;
  mutable std::atomic<std::uint32_t> keepers_ = 1;

  // What a look-up reads: with a name of up to 16 bytes, one line of the cache, as entries begin at
  // multiples of 16 and this 64 bytes behind.
  /// Null where holding the name must keep nobody alive.
  caf::actor held_;
  std::uint16_t length_;
  std::atomic<bool> over_ = false;
  bool scheduled_;
};

} // namespace ottla::detail

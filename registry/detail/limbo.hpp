#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace ottla::detail {

/// Something that nobody finds any more and somebody may still read.
struct unread {
  void* what;
  void (*dispose)(void*);
};

/// Where a table leaves what it took out, until every reader that may have found it has left. The
/// table's lock guards it.
///
/// What is due is to be freed after the lock's end, as the end of a process's last handle runs a
/// user's destructor.
class limbo {
public:
  limbo() = default;
  /// Waits until all that it ever gave out is freed, unless this thread itself reads: then that is
  /// done when it leaves.
  ~limbo();
  limbo(const limbo&) = delete;
  limbo& operator=(const limbo&) = delete;

  /// A bundle for dispose_when_unread.
  struct bundle {
    std::vector<unread> what;
    std::shared_ptr<std::atomic<std::size_t>> owed;
  };

  /// `soon`: it is not to wait for others that make freeing it worth while.
  template <auto Dispose, class T>
  void add(T* what, bool soon = false) {
    what_.push_back({what, [](void* it) { Dispose(static_cast<T*>(it)); }});
    soon_ = soon_ || soon;
  }

  /// Is deleted.
  template <class T>
  void add(T* what, bool soon = false) {
    what_.push_back({what, [](void* it) { delete static_cast<T*>(it); }});
    soon_ = soon_ || soon;
  }

  /// Empty while it is not worth while.
  bundle take_due();

private:
  bundle take();

  std::vector<unread> what_;
  bool soon_ = false;
  std::shared_ptr<std::atomic<std::size_t>> owed_
    = std::make_shared<std::atomic<std::size_t>>(std::size_t{0});
};

/// Frees it once no reader is left who began before this call; at once where there is none. Never
/// waits: otherwise the last of these readers frees it when it leaves.
void dispose_when_unread(limbo::bundle what);

} // namespace ottla::detail

#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace ottla::detail {

/// An object that no look-up finds any more, but that a reader may still read.
struct unread {
  void* what;
  void (*dispose)(void*);
};

/// Holds what a table has removed, until every reader that may have found it has left. The table's
/// lock guards the limbo.
///
/// Free due objects after the lock, since the release of a process's last handle runs a user's
/// destructor.
class limbo {
public:
  limbo() = default;
  /// Waits until all bundles that were taken are freed. If this thread itself is in a read_section,
  /// the end of the section frees them instead.
  ~limbo();
  limbo(const limbo&) = delete;
  limbo& operator=(const limbo&) = delete;

  /// A bundle for dispose_when_unread.
  struct bundle {
    std::vector<unread> what;
    std::shared_ptr<std::atomic<std::size_t>> owed;
  };

  /// `soon`: free the object without waiting for more objects.
  template <auto Dispose, class T>
  void add(T* what, bool soon = false) {
    unread_.push_back({what, [](void* object) { Dispose(static_cast<T*>(object)); }});
    soon_ = soon_ || soon;
  }

  /// Adds an object that is freed by delete.
  template <class T>
  void add(T* what, bool soon = false) {
    unread_.push_back({what, [](void* object) { delete static_cast<T*>(object); }});
    soon_ = soon_ || soon;
  }

  /// Empty while there are too few objects to be worth a barrier.
  bundle take_due();

private:
  bundle take();

  std::vector<unread> unread_;
  bool soon_ = false;
  std::shared_ptr<std::atomic<std::size_t>> owed_
    = std::make_shared<std::atomic<std::size_t>>(std::size_t{0});
};

/// Frees the bundle once every reader that began before this call has left; at once if there is
/// none. Never waits: the last of these readers frees the bundle when it leaves.
void dispose_when_unread(limbo::bundle what);

} // namespace ottla::detail

#pragma once

#include <ottla/kafka/consumer/verdict.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>

namespace ottla::kafka {

/// Offsets of one partition that the handler's verdicts leave open. A later ack() or ack_until()
/// completes them.
class verdict_ledger {
public:
  /// Notes the verdict on the offsets [first, next), which follow the offsets of the previous
  /// verdict. Calls `done(first, next)` for each range that the verdict completes, in order.
  template <class Done>
  void apply(const verdict& what, std::int64_t first, std::int64_t next, Done done) {
    using kind = verdict::kind;
    if (what.what == kind::no_ack || what.what == kind::later)
      return;
    if (what.what == kind::ack && open_.empty()) {
      done(first, next);
      return;
    }
    if (!open_.empty() && open_.back().next == first)
      open_.back().next = next;
    else
      open_.push_back({first, next});
    if (what.what == kind::ack)
      close_until(next, done);
    else if (what.what == kind::ack_until)
      close_until(what.offset < next ? what.offset + 1 : next, done);
  }

private:
  struct range {
    std::int64_t first;
    std::int64_t next;
  };

  template <class Done>
  void close_until(std::int64_t next, Done& done) {
    while (!open_.empty() && open_.front().first < next) {
      auto& range = open_.front();
      const auto end = std::min(next, range.next);
      done(range.first, end);
      range.first = end;
      if (range.first == range.next)
        open_.pop_front();
    }
  }

  std::deque<range> open_;
};

} // namespace ottla::kafka

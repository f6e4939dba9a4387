#include <ottla/supervision/internal/tree_context.hpp>
#include <ottla/supervision/orderly_end.hpp>

#include <algorithm>

namespace ottla {

namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds longest_report = std::chrono::milliseconds{500};

} // namespace

nanoseconds time_to_end(const process_context& of, nanoseconds now) {
  if (is_tree_stopping(of))
    return tree_of(of)->stop.share(now);
  if (of.shutdown == nanoseconds::max())
    return of.shutdown;
  return of.shutdown - std::min(of.shutdown / 10, longest_report);
}

void leave_unfinished(const process_context& of, std::string_view what) {
  if (is_tree_stopping(of))
    tree_of(of)->unfinished.add(of.label ? of.label->path() : "", what);
}

} // namespace ottla

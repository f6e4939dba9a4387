#include <ottla/supervision/internal/tree_context.hpp>
#include <ottla/supervision/orderly_end.hpp>

#include <algorithm>

namespace ottla {

namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds longest_report = std::chrono::milliseconds{500};

} // namespace

nanoseconds time_to_end(const process_context& of, nanoseconds now) {
  if (of.tree && of.tree->stop.has_begun())
    return of.tree->stop.share(now);
  if (of.shutdown == nanoseconds::max())
    return of.shutdown;
  return of.shutdown - std::min(of.shutdown / 10, longest_report);
}

void leave_unfinished(const process_context& of, std::string_view what) {
  if (of.tree && of.tree->stop.has_begun())
    of.tree->unfinished.add(of.label ? of.label->path() : "", what);
}

} // namespace ottla

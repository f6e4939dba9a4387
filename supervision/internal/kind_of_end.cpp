#include <ottla/supervision/internal/child_row.hpp>
#include <ottla/supervision/internal/kind_of_end.hpp>

namespace ottla::detail {

process_event::kind kind_of_end(const child_run& run, const exit_reason& why) {
  const bool by_supervisor = run.is_ending && (why.orderly() || run.is_killed);
  return by_supervisor ? process_event::kind::stopped : process_event::kind::ended;
}

} // namespace ottla::detail

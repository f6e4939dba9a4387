#include <ottla/supervision/detail/kind_of_end.hpp>
#include <ottla/supervision/offspring.hpp>

namespace ottla::detail {

process_event::kind kind_of_end(const supervised& child, const exit_reason& why) {
  const bool by_supervisor = child.ending && (why.orderly() || child.killed);
  return by_supervisor ? process_event::kind::stopped : process_event::kind::ended;
}

} // namespace ottla::detail

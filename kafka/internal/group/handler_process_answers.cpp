#include <ottla/kafka/internal/group/handler_process_answers.hpp>

#include <algorithm>

namespace ottla::kafka {

void handler_process_answers::begin(std::uint64_t worker, process handler) {
  const std::lock_guard lock{guard_};
  ++handlers_[handler].workers;
  workers_.insert_or_assign(worker, std::move(handler));
}

void handler_process_answers::end(std::uint64_t worker) {
  const std::lock_guard lock{guard_};
  const auto known = workers_.find(worker);
  if (known == workers_.end())
    return;
  const auto handler = handlers_.find(known->second);
  if (--handler->second.workers == 0)
    handlers_.erase(handler);
  workers_.erase(known);
}

void handler_process_answers::answered(std::uint64_t worker, std::chrono::nanoseconds now) {
  const std::lock_guard lock{guard_};
  if (const auto known = workers_.find(worker); known != workers_.end())
    handlers_[known->second].last_answer = now;
}

std::optional<handler_process_answers::handler_view>
handler_process_answers::handler_of(std::uint64_t worker) const {
  const std::lock_guard lock{guard_};
  const auto known = workers_.find(worker);
  return known == workers_.end() ? std::nullopt : std::optional{handlers_.at(known->second)};
}

bool handler_process_answers::is_overdue(const handler_view& handler,
                                         std::chrono::nanoseconds since,
                                         std::chrono::nanoseconds now,
                                         std::chrono::nanoseconds limit) {
  const auto waits = now - since;
  if (waits < limit)
    return false;
  if (!handler.last_answer || now - *handler.last_answer >= limit)
    return true;
  return waits / static_cast<std::int64_t>(std::max<std::size_t>(handler.workers, 1)) >= limit;
}

} // namespace ottla::kafka

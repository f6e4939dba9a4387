#include <ottla/kafka/internal/group/drain_deadline.hpp>

#include <algorithm>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds longest_for_kills = 500ms;

} // namespace

std::chrono::nanoseconds revoke_drain_time(const group_consumer& settings) noexcept {
  return settings.drain_within;
}

std::chrono::nanoseconds last_drain_time(const group_consumer& settings,
                                         std::chrono::nanoseconds left,
                                         bool is_tree_stopping) noexcept {
  if (is_tree_stopping)
    left -= std::min(left / 20, longest_for_kills);
  return std::min<std::chrono::nanoseconds>(settings.drain_within, left);
}

} // namespace ottla::kafka

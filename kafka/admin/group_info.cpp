#include <ottla/kafka/admin/group_info.hpp>

namespace ottla::kafka {

std::string_view to_string(consumer_group_state state) noexcept {
  switch (state) {
    case consumer_group_state::unknown: return "Unknown";
    case consumer_group_state::preparing_rebalance: return "PreparingRebalance";
    case consumer_group_state::completing_rebalance: return "CompletingRebalance";
    case consumer_group_state::stable: return "Stable";
    case consumer_group_state::dead: return "Dead";
    case consumer_group_state::empty: return "Empty";
  }
  return "Unknown";
}

} // namespace ottla::kafka

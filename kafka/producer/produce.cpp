#include <ottla/kafka/producer/produce.hpp>

#include <algorithm>

namespace ottla::kafka {

record_state produced::state_of(std::size_t index) const noexcept {
  const auto found = std::ranges::lower_bound(failures, index, {}, &failure::index);
  if (found == failures.end() || found->index != index)
    return record_state::stored;
  return found->may_be_stored ? record_state::unknown : record_state::not_stored;
}

} // namespace ottla::kafka

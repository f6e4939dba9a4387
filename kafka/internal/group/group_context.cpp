#include <ottla/kafka/internal/group/group_context.hpp>

#include <fmt/format.h>

namespace ottla::kafka {

std::string title_of(const group_context& group) {
  if (group.groupless)
    return fmt::format("consumer of \"{}\"", group.groupless->settings.topic);
  return fmt::format("group \"{}\"", group.settings.group);
}

} // namespace ottla::kafka

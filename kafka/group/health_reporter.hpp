#pragma once

#include <ottla/actors/process.hpp>
#include <ottla/kafka/group/health_board.hpp>

#include <memory>
#include <utility>

namespace ottla::kafka {

/// Answers how the group does. A process of its own beside the group, so that it answers while that
/// is being restarted, or hangs.
class health_reporter : public process {
public:
  health_reporter(caf::actor_config& config, process_context context,
                  std::shared_ptr<const health_board> from)
    : process{config, std::move(context)}, from_{std::move(from)} {}

private:
  caf::behavior set_up() override {
    return {[this](get_health) { return from_->report(); }};
  }

  std::shared_ptr<const health_board> from_;
};

} // namespace ottla::kafka

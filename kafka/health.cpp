#include <ottla/kafka/health.hpp>

namespace ottla::kafka {

std::string_view to_string(health_state state) noexcept {
  switch (state) {
    case health_state::healthy: return "healthy";
    case health_state::starting: return "starting";
    case health_state::degraded: return "degraded";
    case health_state::stalled: return "stalled";
  }
  return "unknown";
}

std::string to_string(const health_report& report) {
  std::string text{to_string(report.state)};
  auto between = ": ";
  for (const auto& one : report.reasons) {
    text += between + one.what + ": " + one.why;
    between = "; ";
  }
  return text;
}

} // namespace ottla::kafka

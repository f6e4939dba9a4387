#include "run/failure_notes.hpp"

namespace command {

namespace kafka = ottla::kafka;

std::optional<kafka::error> failure_notes::last() const {
  const std::lock_guard lock{guard_};
  return last_;
}

void failure_notes::failed(const kafka::error& what) {
  const auto text = to_string(what);
  {
    const std::lock_guard lock{guard_};
    const bool is_known = last_ && to_string(*last_) == text;
    last_ = what;
    if (is_known)
      return;
  }
  faults_.note(text);
}

void failure_notes::recovered() {
  const std::lock_guard lock{guard_};
  last_ = std::nullopt;
}

} // namespace command

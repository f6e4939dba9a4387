#include <ottla/supervision/supervision_errc.hpp>

namespace ottla {

std::string_view to_string(supervision_errc error) noexcept {
  switch (error) {
    case supervision_errc::none: return "none";
    case supervision_errc::already_started: return "already_started";
    case supervision_errc::already_present: return "already_present";
    case supervision_errc::running: return "running";
    case supervision_errc::restarting: return "restarting";
    case supervision_errc::not_found: return "not_found";
    case supervision_errc::max_children: return "max_children";
    case supervision_errc::simple_one_for_one: return "simple_one_for_one";
    case supervision_errc::bad_spec: return "bad_spec";
    case supervision_errc::start_failed: return "start_failed";
    case supervision_errc::shutting_down: return "shutting_down";
  }
  return "unknown";
}

} // namespace ottla

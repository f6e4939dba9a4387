#include <ottla/actors/process_event.hpp>

namespace ottla {

std::string to_string(process_event::kind what) {
  switch (what) {
    case process_event::kind::started: return "started";
    case process_event::kind::start_failed: return "did not start";
    case process_event::kind::ended: return "ended";
    case process_event::kind::restarting: return "is restarted";
    case process_event::kind::fenced: return "hangs and is left behind";
    case process_event::kind::gave_up: return "gave up";
  }
  return "unknown";
}

std::string to_string(const process_event& event) {
  auto text = event.path + ' ' + to_string(event.what);
  if (event.what != process_event::kind::started)
    text += ": " + to_string(event.reason);
  return text;
}

} // namespace ottla

#include <ottla/supervision/process_event.hpp>

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace ottla {

namespace {

std::string_view log_name(process_event::kind what) {
  switch (what) {
    case process_event::kind::started: return "started";
    case process_event::kind::adopted: return "adopted";
    case process_event::kind::ignored: return "ignored";
    case process_event::kind::start_failed: return "start_failed";
    case process_event::kind::ended: return "ended";
    case process_event::kind::stopped: return "stopped";
    case process_event::kind::restarting: return "restarting";
    case process_event::kind::killed: return "killed";
    case process_event::kind::fenced: return "fenced";
    case process_event::kind::gave_up: return "gave_up";
  }
  return "unknown";
}

std::string in_quotes(std::string_view text) {
  std::string result{'"'};
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if (each == '"' || each == '\\')
      result += {'\\', each};
    else if (each == '\n')
      result += "\\n";
    else if (byte < 0x20 || byte == 0x7f)
      fmt::format_to(std::back_inserter(result), "\\u{:04x}", byte);
    else
      result += each;
  }
  result += '"';
  return result;
}

bool has_reason(process_event::kind what) {
  switch (what) {
    case process_event::kind::started:
    case process_event::kind::adopted:
    case process_event::kind::ignored:
    case process_event::kind::killed:
    case process_event::kind::fenced: return false;
    default: return true;
  }
}

} // namespace

std::string to_string(process_event::kind what) {
  switch (what) {
    case process_event::kind::started: return "started";
    case process_event::kind::adopted: return "was adopted";
    case process_event::kind::ignored: return "had nothing to do";
    case process_event::kind::start_failed: return "did not start";
    case process_event::kind::ended: return "ended";
    case process_event::kind::stopped: return "was stopped";
    case process_event::kind::restarting: return "is restarted";
    case process_event::kind::killed: return "did not start or end in time and is killed";
    case process_event::kind::fenced: return "hangs and is abandoned";
    case process_event::kind::gave_up: return "gave up";
  }
  return "unknown";
}

std::string to_string(process_event::decision then) {
  switch (then) {
    case process_event::decision::none: return "none";
    case process_event::decision::restart: return "restart";
    case process_event::decision::wait: return "wait";
    case process_event::decision::keep_down: return "keep_down";
    case process_event::decision::forget: return "forget";
    case process_event::decision::give_up: return "give_up";
    case process_event::decision::shut_down: return "shut_down";
  }
  return "unknown";
}

std::string to_string(const process_event& event) {
  auto text = event.path + ' ' + to_string(event.what);
  if (has_reason(event.what))
    text += ": " + to_string(event.reason);
  if (event.then == process_event::decision::wait)
    text += fmt::format("; restarting in {} ms", event.delay / std::chrono::milliseconds{1});
  return text;
}

std::string to_logfmt(const process_event& event) {
  auto line = fmt::format("event={} child={}", log_name(event.what), in_quotes(event.path));
  if (has_reason(event.what))
    line += fmt::format(" reason={} decision={} delay_ms={} restarts={}",
                        in_quotes(to_string(event.reason)), to_string(event.then),
                        event.delay / std::chrono::milliseconds{1}, event.restarts);
  return line;
}

} // namespace ottla

#include "run/reporter.hpp"

#include "text/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <optional>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace command {

using json = nlohmann::ordered_json;

namespace {

std::string dumped(const json& what) {
  return what.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Writes to stderr without stdio. A closed or full stderr is no failure of the command, so the
/// rest of the text is dropped.
void put(std::string_view text) noexcept {
  constexpr int patience_ms = 1'000;
  while (!text.empty()) {
    const auto written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (written < 0 && errno == EAGAIN) {
      // Another program has made the pipe or terminal non-blocking.
      pollfd ready{STDERR_FILENO, POLLOUT, 0};
      if (poll(&ready, 1, patience_ms) == 0)
        return;
    } else if (written == 0 || errno != EINTR) {
      return;
    }
  }
}

/// Width of the terminal. nullopt if stderr is no terminal, or the terminal does not know.
std::optional<std::size_t> terminal_columns() noexcept {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return std::nullopt;
  return size.ws_col;
}

} // namespace

exit_status reporter::fail(const ottla::kafka::error& why, std::string_view subject) {
  const auto status = status_of(why.code);
  if (format_ == output_format::text) {
    print(fmt::format("ottla: {}{}{}", printable(subject), subject.empty() ? "" : ": ",
                      printable(to_string(why))));
    return status;
  }
  json error{
    {"exit_status", static_cast<int>(status)}, {"code", to_string(why.code)}, {"text", why.text}};
  if (!why.name.empty())
    error["kafka_name"] = why.name;
  if (!subject.empty())
    error["subject"] = subject;
  print(dumped({{"error", error}}));
  return status;
}

exit_status reporter::fail(exit_status status, std::string_view text) {
  if (format_ == output_format::text)
    print(fmt::format("ottla: {}", printable(text)));
  else
    print(dumped({{"error", {{"exit_status", static_cast<int>(status)}, {"text", text}}}}));
  return status;
}

void reporter::note(std::string_view text) {
  if (format_ == output_format::text)
    print(fmt::format("ottla: {}", printable(text)));
  else
    print(dumped({{"note", {{"text", text}}}}));
}

void reporter::show_progress(progress_line& bar, const progress_line::counts& counts) {
  if (!shows_progress_)
    return;
  const auto text = bar.next(counts, std::chrono::steady_clock::now());
  if (!text)
    return;
  // A longer line would wrap, and only its last row could be removed.
  const auto columns = terminal_columns();
  const auto shown = printable(*text);
  const std::lock_guard lock{guard_};
  put(fmt::format("\r{}\x1b[K", columns ? cut_to_width(shown, *columns - 1) : shown));
  is_shown_ = true;
}

void reporter::clear_progress() {
  const std::lock_guard lock{guard_};
  if (is_shown_)
    put("\r\x1b[K");
  is_shown_ = false;
}

void reporter::print(std::string_view line) {
  clear_progress();
  const std::lock_guard lock{guard_};
  // One write for each line, so that lines of several processes do not mix.
  put(std::string{line} + '\n');
}

} // namespace command

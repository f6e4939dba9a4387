#include "run/reporter.hpp"

#include "text/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace command {

using json = nlohmann::ordered_json;

namespace {

std::string dumped(const json& what) {
  return what.dump(-1, ' ', false, json::error_handler_t::replace);
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
  const std::lock_guard lock{guard_};
  fmt::print(stderr, "\r{}\x1b[K", printable(*text));
  is_shown_ = true;
}

void reporter::clear_progress() {
  const std::lock_guard lock{guard_};
  if (is_shown_)
    fmt::print(stderr, "\r\x1b[K");
  is_shown_ = false;
}

void reporter::print(std::string_view line) {
  clear_progress();
  const std::lock_guard lock{guard_};
  // One write for each line, so that lines of several threads do not mix. A closed stderr is no
  // failure of the command.
  const auto whole = std::string{line} + '\n';
  std::fwrite(whole.data(), 1, whole.size(), stderr);
}

} // namespace command

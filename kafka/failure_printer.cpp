#include <ottla/actors/stderr_lines.hpp>
#include <ottla/kafka/failure_printer.hpp>

#include <fmt/format.h>

#include <utility>

namespace ottla::kafka {

failure_printer::failure_printer(std::string connection) : connection_{std::move(connection)} {}

void failure_printer::failed(const error& what) {
  auto text = to_string(what);
  const std::lock_guard lock{guard_};
  if (text == last_)
    return;
  last_ = std::move(text);
  print_line(fmt::format("{}: {}", connection_, last_));
}

void failure_printer::left_unfinished(const unfinished& what) {
  const std::lock_guard lock{guard_};
  last_.clear();
  print_line(fmt::format("{}: {}", connection_, what.text));
}

void failure_printer::assigned(std::int32_t, std::span<const topic_partition>) {
  const std::lock_guard lock{guard_};
  last_.clear();
}

} // namespace ottla::kafka

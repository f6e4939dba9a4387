#include <ottla/actors/stderr_lines.hpp>
#include <ottla/kafka/internal/failure_printer.hpp>
#include <ottla/kafka/internal/text/cut_text.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <fmt/format.h>

#include <utility>

namespace ottla::kafka {

failure_printer::failure_printer(std::string connection, bool prints_log)
  : connection_{std::move(connection)}, prints_log_{prints_log} {}

void failure_printer::failed(const error& what) {
  const auto text = cut_text(to_string(what));
  const std::lock_guard lock{guard_};
  if (printed_.is_new(text))
    print_line(fmt::format("{}: {}", connection_, on_one_line(text)));
}

void failure_printer::left_unfinished(const unfinished& what) {
  print_line(fmt::format("{}: {}", connection_, on_one_line(cut_text(what.text))));
}

void failure_printer::assigned(std::int32_t, std::span<const topic_partition>) {
  recovered();
}

void failure_printer::recovered() {
  const std::lock_guard lock{guard_};
  printed_.forget();
}

void failure_printer::logged(const log_line& line) {
  if (prints_log_)
    print_line(
      fmt::format("{}: {} {}", connection_, line.facility, on_one_line(cut_text(line.text))));
}

} // namespace ottla::kafka

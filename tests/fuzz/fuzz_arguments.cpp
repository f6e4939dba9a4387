// Does any command line crash the parser, or give neither a command nor a clear fault?
#include "arguments/parse.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

using namespace command;

namespace {

bool has_control_characters(const std::string& text) {
  return std::ranges::any_of(text, [](unsigned char each) { return each < 0x20 || each == 0x7f; });
}

void check(const only_text& text) {
  if (text.status == exit_status::ok && (text.out.empty() || !text.fault.empty()))
    std::abort();
  if (text.status != exit_status::ok
      && (text.status != exit_status::usage || text.fault.empty() || !text.out.empty()))
    std::abort();
  // The fault is one line, and goes to a terminal.
  if (has_control_characters(text.fault))
    std::abort();
}

void check(const arguments& given) {
  if (std::holds_alternative<std::monostate>(given.command) || given.common.timeout.count() <= 0)
    std::abort();
  if (const auto* create = std::get_if<create_topics>(&given.command))
    if (create->topics.empty() || create->partitions < -1 || create->replicas < -1)
      std::abort();
  if (const auto* consume = std::get_if<consume_records>(&given.command)) {
    if (consume->topic.empty() || (consume->follow && !consume->group.empty()))
      std::abort();
    if (consume->from)
      if (const auto* last = std::get_if<before_end>(&*consume->from); last && last->offsets < 0)
        std::abort();
    if (std::ranges::any_of(consume->partitions, [](auto each) { return each < 0; }))
      std::abort();
  }
}

} // namespace

/// Each argument ends with a line end or a NUL.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> given;
  std::string one;
  for (std::size_t at = 0; at < size; ++at)
    if (data[at] == '\n' || data[at] == '\0')
      given.push_back(std::exchange(one, {}));
    else
      one += static_cast<char>(data[at]);
  if (!one.empty())
    given.push_back(one);
  std::visit([](const auto& parsed) { check(parsed); }, parse_arguments(given));
  return 0;
}

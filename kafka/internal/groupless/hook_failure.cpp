#include <ottla/kafka/internal/groupless/hook_failure.hpp>
#include <ottla/kafka/internal/text/cut_text.hpp>
#include <ottla/kafka/internal/text/on_one_line.hpp>

#include <exception>
#include <string>

namespace ottla::kafka {

std::optional<error> failure_of(std::string_view name, const std::function<void()>& call) {
  try {
    call();
    return std::nullopt;
  } catch (const std::exception& thrown) {
    return error{.retriable = true,
                 .text = std::string{name} + " threw: " + on_one_line(cut_text(thrown.what()))};
  } catch (...) {
    return error{.retriable = true, .text = std::string{name} + " threw"};
  }
}

} // namespace ottla::kafka

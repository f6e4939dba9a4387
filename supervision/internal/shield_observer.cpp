#include <ottla/actors/stderr_lines.hpp>
#include <ottla/supervision/internal/shield_observer.hpp>

#include <fmt/format.h>

#include <atomic>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace ottla::detail {

process_observer shield_observer(process_observer inner, std::string application) {
  if (!inner)
    return nullptr;
  const auto report = [has_thrown = std::make_shared<std::atomic<bool>>(false),
                       application = std::move(application)](const char* why) {
    if (!has_thrown->exchange(true))
      print_line(fmt::format("{}: the observer threw: {}; further exceptions of the observer are "
                             "dropped",
                             application, why));
  };
  return [inner = std::move(inner), report](const process_event& event) {
    try {
      inner(event);
    } catch (const std::exception& thrown) {
      report(thrown.what());
    } catch (...) {
      report("an unknown exception");
    }
  };
}

} // namespace ottla::detail

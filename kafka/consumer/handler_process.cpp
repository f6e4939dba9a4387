#include <ottla/actors/check_name.hpp>
#include <ottla/kafka/consumer/handler_process.hpp>
#include <ottla/kafka/internal/text/blanks.hpp>

#include <fmt/format.h>

#include <stdexcept>

namespace ottla::kafka {

namespace {

std::string fault_of_name(const std::string& name) {
  try {
    check_name(name);
    return is_blank(name) ? fmt::format("a name must not be blank, got \"{}\"", name)
                          : std::string{};
  } catch (const std::invalid_argument& bad) {
    return bad.what();
  }
}

} // namespace

std::string fault_of(const process_ref& who) {
  if (who.handle() || !who.name().empty())
    return {};
  // Checks only whether the name is empty. Any other name may be a key of a partition_supervisor.
  return who.names() ? fault_of_name(who.name()) : "the process handle is null";
}

handler_process handled_by(process_ref who) {
  auto fault = fault_of(who);
  return handler_process{[who = std::move(who)](const assignment&, const auto&) { return who; },
                         std::move(fault)};
}

handler_process handled_by(std::string name) {
  auto fault = fault_of_name(name);
  return handler_process{
    [name = std::move(name)](const assignment&, const std::shared_ptr<directory>& application) {
      return process_ref{application, name};
    },
    std::move(fault)};
}

} // namespace ottla::kafka

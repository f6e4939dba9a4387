#pragma once

#include <ottla/actors/process_ref.hpp>
#include <ottla/kafka/consumer/message_handler.hpp>
#include <ottla/kafka/consumer/messages.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace ottla::kafka {

/// Messages go to a process of the program's own, as handle_batch; what it answers is the verdict.
/// Each worker has one batch under way at a time, so each partition's come in order; those of
/// several partitions wait in the process's mailbox. Where it ends without an answer, or is not
/// there, the worker fails, and the batch comes again with the next one.
class handler_process {
public:
  using chooser = std::function<process_ref(const assignment& lease,
                                            const std::shared_ptr<directory>& application)>;

  handler_process() = default;
  explicit handler_process(chooser which, std::string fault = {})
    : which_{std::move(which)}, fault_{std::move(fault)} {}

  explicit operator bool() const noexcept { return which_ != nullptr; }

  process_ref of(const assignment& lease, const std::shared_ptr<directory>& application) const {
    return which_(lease, application);
  }

  /// Why no process can ever be found, for people: a name that no process can have, or a null
  /// handle. Empty where one can be. The connection does not start then.
  const std::string& fault() const noexcept { return fault_; }

private:
  chooser which_;
  std::string fault_;
};

/// Why `who` can never be a process, for people; empty where it can be.
std::string fault_of(const process_ref& who);

/// That process.
handler_process handled_by(process_ref who);

/// The process of that name in the application's directory, looked up for each batch: so its
/// restart leads on to its replacement.
handler_process handled_by(std::string name);

/// For each worker the one that `choose` answers when it starts. A worker that is given no process
/// fails.
template <std::invocable<const assignment&> Choose>
handler_process handled_by(Choose choose) {
  return handler_process{[choose = std::move(choose)](const assignment& lease, const auto&) {
    return process_ref{choose(lease)};
  }};
}

/// Who looks at a group's messages: an object for each worker, or processes.
using group_handler = std::variant<handler_factory, handler_process>;

} // namespace ottla::kafka

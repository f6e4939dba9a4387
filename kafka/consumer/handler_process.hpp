#pragma once

#include <ottla/actors/process_ref.hpp>
#include <ottla/kafka/consumer/batch_handler.hpp>
#include <ottla/kafka/consumer/handle_batch.hpp>
#include <ottla/kafka/consumer/handler.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace ottla::kafka {

/// A process of the program that handles batches, in place of handler objects. Each worker sends
/// its batches to the process as handle_batch, one at a time, and the process answers with a
/// verdict. So the batches of a partition arrive in order. Batches of other workers wait in the
/// mailbox of the process. If the process ends without an answer, or does not exist, the worker
/// fails, and its replacement sends the batch again.
class handler_process {
public:
  using chooser = std::function<process_ref(const assignment& lease,
                                            const std::shared_ptr<directory>& application)>;

  handler_process() = default;
  explicit handler_process(chooser which, std::string fault = {})
    : choose_{std::move(which)}, fault_{std::move(fault)} {}

  explicit operator bool() const noexcept { return choose_ != nullptr; }

  process_ref of(const assignment& lease, const std::shared_ptr<directory>& application) const {
    return choose_(lease, application);
  }

  /// The fault of an invalid name or a null handle, as a text for people. Empty if there is no
  /// fault. With a fault the connection does not start.
  const std::string& fault() const noexcept { return fault_; }

private:
  chooser choose_;
  std::string fault_;
};

/// The fault of an invalid name or a null handle, as a text for people. Empty if there is no fault.
std::string fault_of(const process_ref& who);

/// All batches go to this process.
handler_process handled_by(process_ref who);

/// All batches go to the process of this name in the application's directory. The name is looked up
/// for each batch, so batches go to the replacement after a restart.
handler_process handled_by(std::string name);

/// `choose` is called when a worker starts, and returns the process for the worker's batches. If it
/// returns no process, the worker fails.
template <std::invocable<const assignment&> Choose>
handler_process handled_by(Choose choose) {
  return handler_process{[choose = std::move(choose)](const assignment& lease, const auto&) {
    return process_ref{choose(lease)};
  }};
}

/// Handler of a group's messages: an object for each worker, or processes.
using group_handler = std::variant<handler_factory, handler_process>;

} // namespace ottla::kafka

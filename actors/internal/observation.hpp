#pragma once

#include <ottla/actors/detail/behavior_watch.hpp>
#include <ottla/actors/exit_reason.hpp>
#include <ottla/actors/introspection.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ottla {

class process;

} // namespace ottla

namespace ottla::detail {

/// Serves the introspection requests to one process. Wraps the process's handlers only while the
/// process is traced, counted or suspended.
class observation final : public behavior_watch {
public:
  explicit observation(process& of) : process_{of} {}

  /// Answers one of the requests of introspection.hpp.
  unknown_result serve(message_content& what);

  bool suspended() const noexcept { return suspended_; }
  void resume();
  unknown_result keep_for_later();
  void handle(const late_down& what);

  bool comes(const message_content& what) override;
  void answers(const caf::message& what) override;
  void fails(const caf::error& why) override;

  void note_answer(const caf::strong_actor_ptr& to, const caf::message& what);
  void note_failure(const caf::strong_actor_ptr& to, const exit_reason& why);

private:
  struct tracer {
    trace_ref ref;
    /// Null if the trace calls `report`.
    caf::actor_addr whom;
    std::function<void(const process_trace&)> report;
  };

  void suspend();
  void count(bool on);
  trace_ref add(caf::actor_addr whom, std::function<void(const process_trace&)> report);
  process_status status();
  process_statistics statistics();

  /// Wraps or unwraps the handlers, as needed.
  void update();
  void note_out(const caf::strong_actor_ptr& to, std::string text);
  void report(process_trace::kind what, const caf::strong_actor_ptr& peer, std::string text);
  bool report(const tracer& one, const process_trace& event) const;

  process& process_;
  caf::behavior requests_;
  caf::behavior inner_;
  caf::behavior wrapped_;
  bool suspended_ = false;
  down_handler on_down_;
  /// Number of messages skipped since the last handled message.
  std::size_t skipped_ = 0;
  std::optional<process_statistics> counted_;
  std::vector<tracer> tracers_;
  std::uint64_t last_trace_ = 0;
};

} // namespace ottla::detail

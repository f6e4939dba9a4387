#pragma once

#include <ottla/actors/monitor.hpp>
#include <ottla/supervision/internal/managed_children.hpp>
#include <ottla/supervision/internal/parent.hpp>
#include <ottla/supervision/process_manager.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ottla {

/// The process of a process_manager_spec. The model is Elsa.DynamicProcessManager. It does two
/// things at the same time:
///
///   1. call_initializer() runs the initializer in the init of a child process, which has a thread
///      of its own. The child sends children_found and ignores its start, or its start fails. So
///      the manager ends, kills and fences a hung initializer like any other child.
///   2. find_supervisor() looks the dynamic supervisor up. attach() compares its children with
///      managed_children, and start_missing() starts what is missing. After the supervisor's death,
///      the manager repeats these steps. attachment_ numbers the supervisors, and answers of an
///      earlier supervisor are ignored.
class process_manager : public parent {
public:
  process_manager(caf::actor_config& config, process_context context, process_manager_spec spec,
                  std::shared_ptr<managed_children> memory);

private:
  /// The delays before the dynamic supervisor is looked up again. Each is twice the one before.
  static constexpr std::chrono::nanoseconds first_look = std::chrono::milliseconds{1};
  static constexpr std::chrono::nanoseconds longest_look = std::chrono::milliseconds{100};

  using spec_ptr = managed_children::spec_ptr;

  caf::behavior set_up() override;
  void shutdown(const exit_reason& why) override;
  void terminated() override;
  std::vector<tree_node> rows() const override;

  // The initializer. Its child never completes a start, so it is never up.

  void call_initializer();
  void launched(child_row&) override {}
  void ended(std::shared_ptr<child_row>, const exit_reason&) override {}
  void launch_ignored(std::shared_ptr<child_row> gone) override;
  void launch_failed(std::shared_ptr<child_row> gone, const child_result& why) override;

  // The dynamic supervisor.

  void find_supervisor();
  void attach(const child_list& present);
  void detach();
  /// Calls the dynamic supervisor. `then` gets the answer. `then` is dropped if the supervisor
  /// dies.
  template <class Answer, class Request, class Then>
  void ask_supervisor(Request request, Then then);

  // Starts.

  caf::result<child_result> start(const start_child& request);
  /// Answers a request for the id of a child that was started before.
  void start_again(const spec_ptr& what);
  void start_missing();
  void start_answered(const spec_ptr& what, const child_result& outcome);
  void report_failed_start(const process_label& whom, const std::string& why);
  void answer_requests(const spec_ptr& what, const child_result& outcome);

  // Ends of children.

  caf::result<child_result> terminate(const terminate_child& request);
  void continue_termination(std::uint64_t number);
  void complete_termination(std::uint64_t number);

  void answer_if_ready();

  process_manager_spec spec_;
  std::shared_ptr<managed_children> memory_;
  std::shared_ptr<const child_spec> initializer_;
  /// The result of the initializer that runs.
  std::shared_ptr<std::vector<child_spec>> found_;
  bool is_initialized_ = false;

  /// Null while no dynamic supervisor is known.
  caf::actor supervisor_;
  monitor_ref monitor_;
  std::chrono::nanoseconds next_look_ = first_look;
  /// Number of the supervisor's life, counted by this manager.
  std::uint64_t attachment_ = 0;
  bool is_attached_ = false;
  /// Number of starts without an answer.
  std::size_t starting_ = 0;
  bool retry_is_set_ = false;

  std::multimap<spec_ptr, caf::response_promise> requests_;
  std::map<std::uint64_t, std::pair<std::string, caf::response_promise>> terminations_;
  std::uint64_t last_termination_ = 0;
  std::vector<caf::response_promise> awaiting_ready_;
  std::optional<exit_reason> stop_reason_;
};

} // namespace ottla

namespace ottla::detail {

/// From the child that runs the initializer.
struct children_found {
  std::shared_ptr<std::vector<child_spec>> children = nullptr;
};

// A process manager sends these to itself.

struct call_initializer {};
struct find_supervisor {};
struct start_missing {};
struct continue_termination {
  std::uint64_t number = 0;
};

} // namespace ottla::detail

OTTLA_MESSAGES(ottla_process_manager_steps, ottla::supervision_type_ids + 75,
               ottla::detail::children_found, ottla::detail::call_initializer,
               ottla::detail::find_supervisor, ottla::detail::start_missing,
               ottla::detail::continue_termination)

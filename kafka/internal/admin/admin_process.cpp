#include <ottla/kafka/internal/admin/admin_process.hpp>
#include <ottla/kafka/internal/admin/carry_out.hpp>
#include <ottla/kafka/internal/admin/request_faults.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace ottla::kafka {

namespace {

using namespace std::chrono_literals;

/// The seam's own error names the cause, so the seam gets a second more than the request.
constexpr auto grace = 1s;
constexpr std::chrono::milliseconds longest_request = 1h;

} // namespace

admin_process::admin_process(caf::actor_config& config, process_context context,
                             std::shared_ptr<driver> seam)
  : process{config, std::move(context)}, seam_{std::move(seam)} {}

caf::behavior admin_process::set_up() {
  return {
    [this](const list_topics_request& what) { return ask(what); },
    [this](const describe_topics_request& what) { return ask(what); },
    [this](const topic_exists_request& what) { return ask(what); },
    [this](const count_partitions_request& what) { return ask(what); },
    [this](const create_topics_request& what) { return ask(what); },
    [this](const delete_topics_request& what) { return ask(what); },
    [this](const add_partitions_request& what) { return ask(what); },
    [this](const describe_configs_request& what) { return ask(what); },
    [this](const alter_configs_request& what) { return ask(what); },
    [this](const delete_records_request& what) { return ask(what); },
    [this](const list_groups_request& what) { return ask(what); },
    [this](const describe_groups_request& what) { return ask(what); },
    [this](const fetch_committed_offsets_request& what) { return ask(what); },
    [this](const fetch_lag_request& what) { return ask(what); },
    [this](const reset_offsets_request& what) { return ask(what); },
    [this](const delete_groups_request& what) { return ask(what); },
    [this](const describe_cluster_request& what) { return ask(what); },
    [this](const admin_answered& what) { answered(what); },
    [this](const admin_overdue& what) { overdue(what); },
  };
}

template <class Request>
caf::result<typename Request::answer> admin_process::ask(const Request& what) {
  using answer = typename Request::answer;
  if (auto wrong = fault_of(what))
    return answer{std::move(*wrong)};
  const auto asked = ++last_asked_;
  pending one{.answer = make_response_promise(),
              .stop = {},
              .fail = [](caf::response_promise& to, const error& why) { to.deliver(answer{why}); }};
  auto promise = one.answer;
  const auto within = std::min<std::chrono::milliseconds>(what.within, longest_request);
  seam_->administer(within, one.stop.get_token(),
                    [what, asked, me = caf::actor_addr{address()}](admin_session& over) {
                      auto found = std::make_shared<answer>(carry_out(over, what));
                      if (auto self = caf::actor_cast<caf::actor>(me))
                        post(self, admin_answered{asked, [found](caf::response_promise& to) {
                                                    to.deliver(std::move(*found));
                                                  }});
                    });
  pending_.emplace(asked, std::move(one));
  cast_after(this, within + grace, admin_overdue{asked});
  return promise;
}

void admin_process::answered(const admin_answered& what) {
  auto found = pending_.extract(what.asked);
  if (!found.empty())
    what.deliver(found.mapped().answer);
}

void admin_process::overdue(const admin_overdue& what) {
  auto found = pending_.extract(what.asked);
  if (found.empty())
    return;
  found.mapped().stop.request_stop();
  found.mapped().fail(found.mapped().answer,
                      {.code = errc::timed_out,
                       .retriable = true,
                       .text
                       = "the request was not answered in time. It may have waited for earlier "
                         "requests of the connection"});
}

void admin_process::terminated() {
  for (auto& [asked, one] : pending_) {
    one.stop.request_stop();
    // A dropped promise sends no answer, and the caller would wait until its deadline.
    one.fail(one.answer, {.code = errc::closed,
                          .retriable = true,
                          .text = "the admin process ended before the request was answered"});
  }
  pending_.clear();
  // A timer may keep this process in memory.
  seam_.reset();
}

} // namespace ottla::kafka

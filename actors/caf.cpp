#include <ottla/actors/caf.hpp>
#include <ottla/actors/detail/behavior_watch.hpp>
#include <ottla/actors/internal/handoff_scheduler.hpp>
#include <ottla/actors/internal/type_name.hpp>

#include <caf/detail/behavior_impl.hpp>
#include <caf/detail/invoke_result_visitor.hpp>
#if OTTLA_CAF_1
#  include <caf/detail/meta_object.hpp>
#endif

#include <algorithm>
#include <thread>
#include <utility>

namespace ottla {

namespace {

/// Forwards results, and reports them to the watch.
class result_watch final : public caf::detail::invoke_result_visitor {
public:
  result_watch(caf::detail::invoke_result_visitor& to, behavior_watch& by) : to_{to}, by_{by} {}

  void operator()(caf::error& why) override {
    by_.fails(why);
    to_(why);
  }

  void operator()(caf::message& what) override {
    by_.answers(what);
    to_(what);
  }

#if !OTTLA_CAF_1
  void operator()() override {
    to_();
  }
  void operator()(const caf::none_t& nothing) override {
    to_(nothing);
  }
#endif

private:
  caf::detail::invoke_result_visitor& to_;
  behavior_watch& by_;
};

class watched_behavior final : public caf::detail::behavior_impl {
public:
  watched_behavior(const caf::behavior& inner, behavior_watch& by)
    : caf::detail::behavior_impl{inner.timeout()}, inner_{inner.as_behavior_impl()}, by_{by} {}

#if OTTLA_CAF_1
  bool invoke(caf::detail::invoke_result_visitor& results, caf::message& what) override {
    if (!by_.comes(what))
      return false;
    result_watch watching{results, by_};
    return inner_->invoke(watching, what);
  }
#else
  caf::match_case::result invoke(caf::detail::invoke_result_visitor& results,
                                 caf::type_erased_tuple& what) override {
    if (!by_.comes(what))
      return caf::match_case::no_match;
    result_watch watching{results, by_};
    return inner_->invoke(watching, what);
  }
#endif

  void handle_timeout() override {
    inner_->handle_timeout();
  }

private:
  const pointer inner_;
  behavior_watch& by_;
};

class empty_behavior final : public caf::detail::behavior_impl {
public:
#if OTTLA_CAF_1
  bool invoke(caf::detail::invoke_result_visitor&, caf::message&) override {
    return false;
  }
#else
  caf::match_case::result invoke(caf::detail::invoke_result_visitor&,
                                 caf::type_erased_tuple&) override {
    return caf::match_case::no_match;
  }
#endif

  void handle_timeout() override {}
};

} // namespace

namespace {

/// Only classes that derive from CAF's actors can access the handler of DOWNs.
struct opened_actor : caf::event_based_actor {
  static down_handler& handler_of(caf::event_based_actor* self) {
    return self->*(&opened_actor::down_handler_);
  }
};

} // namespace

down_handler exchange_down_handler(caf::event_based_actor* self, down_handler next) {
  return std::exchange(opened_actor::handler_of(self), std::move(next));
}

void handle_down(caf::event_based_actor* self, caf::down_msg& down) {
  auto& handler = opened_actor::handler_of(self);
  // The handler may set another handler while it runs.
  auto running = std::exchange(handler, nullptr);
  running(self, down);
  if (!handler)
    handler = std::move(running);
}

caf::behavior no_handlers() {
  return caf::behavior{caf::behavior::impl_ptr{caf::make_counted<empty_behavior>()}};
}

caf::behavior watched(const caf::behavior& inner, behavior_watch& by) {
  return caf::behavior{caf::behavior::impl_ptr{caf::make_counted<watched_behavior>(inner, by)}};
}

namespace {

constexpr const char* unprintable = "<unprintable>";

std::string text_at(const message_content& what, std::size_t at) {
#if OTTLA_CAF_1
  const auto type = what.type_at(at);
  const auto* object = what.data().at(at);
  if (const auto print = detail::announced_text(type))
    return print(object);
  std::string text;
  if (const auto* meta = caf::detail::global_meta_object_or_null(type))
    meta->stringify(text, object);
  if (text.empty() || text.find(unprintable) != std::string::npos)
    text = caf::query_type_name(type);
  return text;
#else
  auto text = what.stringify(at);
  if (const auto* type = what.type(at).second;
      type != nullptr && text.find(unprintable) != std::string::npos)
    text = detail::type_name(*type);
  return text;
#endif
}

} // namespace

std::string text_of(const message_content& what) {
  std::string text;
  for (std::size_t at = 0; at < what.size(); ++at)
    text += (at == 0 ? "" : ", ") + text_at(what, at);
  return text;
}

std::size_t mailbox_length(caf::event_based_actor* self, [[maybe_unused]] std::size_t skipped) {
#if OTTLA_CAF_1
  return self->mailbox().size() + skipped;
#else
  return self->mailbox().size() + self->get_normal_queue().cache().total_task_size()
         + self->get_urgent_queue().cache().total_task_size();
#endif
}

namespace {

/// Maximum number of messages that an actor handles in one turn. CAF's default has no limit, so an
/// actor that keeps sending to itself would never release its thread.
constexpr std::size_t messages_a_turn = 1000;

} // namespace

void set_scheduler(caf::actor_system_config& config, scheduling policy, std::size_t threads) {
  if (threads == 0)
    threads = std::max<std::size_t>(2, std::thread::hardware_concurrency());
#if OTTLA_CAF_1
  config.set("caf.scheduler.policy", policy == scheduling::stealing ? "stealing" : "sharing");
  config.set("caf.scheduler.max-threads", threads);
  config.set("caf.scheduler.max-throughput", messages_a_turn);
#else
  config.set("scheduler.max-threads", threads);
  config.set("scheduler.max-throughput", messages_a_turn);
  if (policy == scheduling::handoff)
    config.load<detail::handoff_scheduler>();
  else
    config.set("scheduler.policy", policy == scheduling::stealing
                                     ? caf::atom_from_string("stealing")
                                     : caf::atom_from_string("sharing"));
#endif
}

} // namespace ottla

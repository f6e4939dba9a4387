#include <ottla/actors/caf.hpp>
#include <ottla/actors/detail/handoff_scheduler.hpp>
#include <ottla/actors/detail/type_name.hpp>

#include <caf/detail/behavior_impl.hpp>
#include <caf/detail/invoke_result_visitor.hpp>

namespace ottla {

namespace {

/// Lets results pass, and tells of them.
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

} // namespace

caf::behavior watched(const caf::behavior& inner, behavior_watch& by) {
  return caf::behavior{caf::behavior::impl_ptr{caf::make_counted<watched_behavior>(inner, by)}};
}

std::string text_of(const message_content& what) {
  constexpr const char* unprintable = "<unprintable>";
#if OTTLA_CAF_1
  auto text = to_string(what);
  const auto count = what.size();
  const auto name
    = [&](std::size_t at) { return std::string{caf::query_type_name(what.type_at(at))}; };
  if (text.find(unprintable) == std::string::npos)
    return text;
  text.clear();
  for (std::size_t at = 0; at < count; ++at)
    text += (at == 0 ? "" : ", ") + name(at);
  return text;
#else
  std::string text;
  for (std::size_t at = 0; at < what.size(); ++at) {
    auto one = what.stringify(at);
    if (const auto* type = what.type(at).second;
        type != nullptr && one.find(unprintable) != std::string::npos)
      one = detail::type_name(*type);
    text += (at == 0 ? "" : ", ") + one;
  }
  return text;
#endif
}

std::size_t mailbox_length(caf::event_based_actor* self, [[maybe_unused]] std::size_t skipped) {
#if OTTLA_CAF_1
  return self->mailbox().size() + skipped;
#else
  return self->mailbox().size() + self->get_normal_queue().cache().total_task_size()
         + self->get_urgent_queue().cache().total_task_size();
#endif
}

void set_scheduler(caf::actor_system_config& config, scheduling policy, std::size_t threads) {
  if (threads == 0)
    threads = std::max<std::size_t>(2, std::thread::hardware_concurrency());
#if OTTLA_CAF_1
  config.set("caf.scheduler.policy", policy == scheduling::stealing ? "stealing" : "sharing");
  config.set("caf.scheduler.max-threads", threads);
#else
  config.set("scheduler.max-threads", threads);
  if (policy == scheduling::handoff)
    config.load<detail::handoff_scheduler>();
  else
    config.set("scheduler.policy",
               caf::atom_from_string(policy == scheduling::stealing ? "stealing" : "sharing"));
#endif
}

} // namespace ottla

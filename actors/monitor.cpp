#include <ottla/actors/internal/monitors.hpp>
#include <ottla/actors/internal/process_extras.hpp>
#include <ottla/actors/monitor.hpp>
#include <ottla/actors/process.hpp>

#include <utility>

namespace ottla {

namespace {

struct monitor_token {
  // Above CAF's own token types, which count from 0.
  static constexpr std::size_t token_type = 0x07711;
  caf::actor_addr to;
  std::uint64_t number;
};

class monitor_record final : public end_watch {
public:
  monitor_record(caf::actor_addr to, std::uint64_t number) : to_{std::move(to)}, number_{number} {}

  bool matches(const token& what) override {
    if (what.subtype != monitor_token::token_type)
      return false;
    const auto& wanted = *static_cast<const monitor_token*>(what.ptr);
    return wanted.number == number_ && wanted.to == to_;
  }

private:
  void ended(const caf::error& why) override {
    if (const auto to = caf::actor_cast<caf::actor>(to_))
      post(to, detail::monitor_fired{number_, to_exit_reason(why)});
  }

  const caf::actor_addr to_;
  const std::uint64_t number_;
};

void detach(const process& self, const caf::actor_addr& whom, std::uint64_t number) {
  if (const auto living = caf::actor_cast<caf::actor>(whom))
    living->detach(monitor_token{self.address(), number});
}

} // namespace

monitor_ref monitor(process* self, const process_ref& whom) {
  return detail::monitors::make(*self, whom);
}

void demonitor(process* self, monitor_ref which) {
  detail::monitors::remove(*self, which);
}

monitor_ref detail::monitors::make(process& self, const process_ref& whom) {
  auto& table = self.extras().monitors;
  const auto number = ++table.last;
  const auto living = whom.resolve();
  const auto& meant = living ? living : whom.handle();
  table.active[number] = {meant ? meant.address() : caf::actor_addr{}, whom.name()};
  if (living)
    living->attach(caf::attachable_ptr{new monitor_record{self.address(), number}});
  else
    post(self.self(), monitor_fired{number, exit_reason::noproc()});
  return {number};
}

void detail::monitors::remove(process& self, monitor_ref which) {
  if (!self.extras_)
    return;
  if (const auto gone = self.extras_->monitors.active.extract(which.number))
    detach(self, gone.mapped().whom, which.number);
}

void detail::monitors::fired(process& self, const monitor_fired& what) {
  if (!self.extras_)
    return;
  if (auto found = self.extras_->monitors.active.extract(what.number))
    self.deliver(caf::make_message(process_down{.monitor = {what.number},
                                                .reason = what.reason,
                                                .source = std::move(found.mapped().whom),
                                                .name = std::move(found.mapped().name)}));
}

void detail::monitors::take_back(process& self) {
  for (const auto& [number, each] : std::exchange(self.extras_->monitors.active, {}))
    detach(self, each.whom, number);
}

} // namespace ottla

#include <ottla/actors/caf_end_watch.hpp>
#include <ottla/actors/internal/monitors.hpp>
#include <ottla/actors/internal/process_extras.hpp>
#include <ottla/actors/monitor.hpp>
#include <ottla/actors/process.hpp>

#include <utility>

namespace ottla {

namespace {

end_watch_key monitor_of(const process& self, std::uint64_t number) {
  return {.what = end_watch_key::kind::monitor, .to = self.address(), .number = number};
}

class monitor_record final : public end_watch {
public:
  using end_watch::end_watch;

private:
  void ended(const caf::error& why) override {
    if (const auto to = caf::actor_cast<caf::actor>(key().to))
      post(to, detail::monitor_fired{key().number, to_exit_reason(why)});
  }
};

void remove_record(const process& self, const caf::actor_addr& whom, std::uint64_t number) {
  if (const auto living = caf::actor_cast<caf::actor>(whom))
    detach(*caf::actor_cast<caf::abstract_actor*>(living), monitor_of(self, number));
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
    attach(*caf::actor_cast<caf::abstract_actor*>(living),
           std::make_unique<monitor_record>(monitor_of(self, number)));
  else
    post(self.self(), monitor_fired{number, exit_reason::noproc()});
  return {number};
}

void detail::monitors::remove(process& self, monitor_ref which) {
  if (!self.extras_)
    return;
  if (const auto gone = self.extras_->monitors.active.extract(which.number))
    remove_record(self, gone.mapped().whom, which.number);
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
    remove_record(self, each.whom, number);
}

} // namespace ottla

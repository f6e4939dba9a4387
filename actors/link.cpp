#include <ottla/actors/caf_end_watch.hpp>
#include <ottla/actors/internal/links.hpp>
#include <ottla/actors/link.hpp>
#include <ottla/actors/process.hpp>

#include <memory>
#include <utility>

namespace ottla {

namespace {

/// Selects the record that reports to `to`.
end_watch_key link_to(const caf::actor_addr& to) {
  return {.what = end_watch_key::kind::link, .to = to};
}

class link_record final : public end_watch {
public:
  link_record(caf::actor_addr from, const caf::actor_addr& to, bool to_process)
    : end_watch{link_to(to)}, from_{std::move(from)}, to_process_{to_process} {}

private:
  void ended(const caf::error& why) override {
    const auto to = caf::actor_cast<caf::actor>(key().to);
    if (!to)
      return;
    auto reason = to_exit_reason(why);
    if (to_process_) {
      post(to, detail::link_exit{from_, std::move(reason)});
      return;
    }
    // An actor that is not an ottla::process does not remove its own record.
    detach(*caf::actor_cast<caf::abstract_actor*>(to), link_to(from_));
    // CAF does not allow an actor to trap an exit whose reason is kill.
    signal_exit(to, from_,
                reason == exit_reason::killed() ? make_text_error(to_string(reason)) : why);
  }

  const caf::actor_addr from_;
  const bool to_process_;
};

end_watch_ptr record(const caf::actor_addr& from, const caf::actor_addr& to, bool to_process) {
  return std::make_unique<link_record>(from, to, to_process);
}

/// The given handle, even if the process is dead, or the holder of the given name.
caf::actor whoever(const process_ref& whom) {
  return whom.handle() ? whom.handle() : whom.resolve();
}

} // namespace

void link(process* self, const process_ref& whom) {
  detail::links::make(*self, whom);
}

void unlink(process* self, const process_ref& whom) {
  detail::links::remove(*self, whom);
}

void detail::links::make(process& self, const process_ref& whom) {
  const auto peer = whoever(whom);
  if (!peer) {
    post(self.self(), link_exit{{}, exit_reason::noproc()});
    return;
  }
  auto* target = caf::actor_cast<caf::abstract_actor*>(peer);
  if (target == &self)
    return;
  auto* other = dynamic_cast<process*>(target);
  const auto here = self.address();
  const auto there = peer.address();
  auto mine = record(here, there, other != nullptr);
  auto theirs = record(there, here, true);
  bool dead = !is_alive(peer);
  const auto attach_mine = [&] { attach_once_locked(self, std::move(mine)); };
  if (other != nullptr) {
    // One critical section for both records, since the peer may link or unlink at the same time.
    caf::abstract_actor::joined_exclusive_critical_section(&self, target, [&] {
      attach_mine();
      dead = dead || other->getf(caf::abstract_actor::is_terminated_flag);
      if (!dead)
        attach_once_locked(*other, std::move(theirs));
    });
  } else {
    self.exclusive_critical_section(attach_mine);
    if (!dead) {
      detach(*target, link_to(here));
      attach(*target, std::move(theirs));
    }
  }
  if (dead)
    post(self.self(), link_exit{there, exit_reason::noproc()});
}

void detail::links::remove(process& self, const process_ref& whom) {
  const auto peer = whoever(whom);
  auto* target = caf::actor_cast<caf::abstract_actor*>(peer);
  if (!peer || target == &self)
    return;
  const auto here = self.address();
  const auto there = peer.address();
  if (auto* other = dynamic_cast<process*>(target)) {
    caf::abstract_actor::joined_exclusive_critical_section(&self, target, [&] {
      detach_locked(self, link_to(there));
      detach_locked(*other, link_to(here));
    });
  } else {
    detach(self, link_to(there));
    detach(*target, link_to(here));
  }
}

void detail::links::ended(process& self, const link_exit& what) {
  // An exit without a source has no record.
  if (!what.source || detach(self, link_to(what.source)) != 0)
    self.exit_came(what.source, what.reason);
}

} // namespace ottla

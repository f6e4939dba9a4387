#include <ottla/actors/internal/links.hpp>
#include <ottla/actors/link.hpp>
#include <ottla/actors/process.hpp>

#include <memory>
#include <utility>

namespace ottla {

namespace {

/// Selects the record that reports to `to`.
struct link_token {
  // Above CAF's own token types, which count from 0.
  static constexpr std::size_t token_type = 0x07710;
  caf::actor_addr to;
};

class link_record final : public end_watch {
public:
  link_record(caf::actor_addr from, caf::actor_addr to, bool to_process)
    : from_{std::move(from)}, to_{std::move(to)}, to_process_{to_process} {}

  bool matches(const token& what) override {
    return what.subtype == link_token::token_type
           && static_cast<const link_token*>(what.ptr)->to == to_;
  }

private:
  void ended(const caf::error& why) override {
    const auto to = caf::actor_cast<caf::actor>(to_);
    if (!to)
      return;
    auto reason = to_exit_reason(why);
    if (to_process_) {
      post(to, detail::link_exit{from_, std::move(reason)});
      return;
    }
    // An actor that is no ottla::process does not remove its own record.
    to->detach(link_token{from_});
    // CAF does not allow an actor to trap an exit whose reason is kill.
    signal_exit(to, from_,
                reason == exit_reason::killed() ? make_text_error(to_string(reason)) : why);
  }

  const caf::actor_addr from_;
  const caf::actor_addr to_;
  const bool to_process_;
};

caf::attachable_ptr record(const caf::actor_addr& from, const caf::actor_addr& to,
                           bool to_process) {
  return caf::attachable_ptr{new link_record{from, to, to_process}};
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
  const auto attach_mine = [&] {
    if (self.detach_impl(link_token{there}, true, true) == 0)
      self.attach_impl(mine);
  };
  if (other != nullptr) {
    // One critical section for both records, since the peer may link or unlink at the same time.
    caf::abstract_actor::joined_exclusive_critical_section(&self, target, [&] {
      attach_mine();
      dead = dead || other->getf(caf::abstract_actor::is_terminated_flag);
      if (!dead && other->detach_impl(link_token{here}, true, true) == 0)
        other->attach_impl(theirs);
    });
  } else {
    self.exclusive_critical_section(attach_mine);
    if (!dead) {
      target->detach(link_token{here});
      target->attach(std::move(theirs));
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
      self.detach_impl(link_token{there});
      other->detach_impl(link_token{here});
    });
  } else {
    self.detach(link_token{there});
    target->detach(link_token{here});
  }
}

void detail::links::ended(process& self, const link_exit& what) {
  // An exit without a source has no record.
  if (!what.source || self.detach(link_token{what.source}) != 0)
    self.exit_came(what.source, what.reason);
}

} // namespace ottla

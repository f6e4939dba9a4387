#include <ottla/actors/detail/lazy_clock.hpp>

#if !OTTLA_CAF_1

#  include <caf/group.hpp>

#  include <algorithm>

namespace ottla::detail {

void lazy_clock::set_ordinary_timeout(time_point at, caf::abstract_actor* self,
                                      caf::atom_value type, std::uint64_t id) {
  // A newer one takes the place of the one before.
  cancel_ordinary_timeout(self, type);
  add_for(self->id(), at,
          {.what = kind::ordinary,
           .number = id,
           .type = type,
           .receiver = caf::actor_cast<caf::strong_actor_ptr>(self)});
}

void lazy_clock::set_multi_timeout(time_point at, caf::abstract_actor* self, caf::atom_value type,
                                   std::uint64_t id) {
  add_for(self->id(), at,
          {.what = kind::multi,
           .number = id,
           .type = type,
           .receiver = caf::actor_cast<caf::strong_actor_ptr>(self)});
}

void lazy_clock::set_request_timeout(time_point at, caf::abstract_actor* self, caf::message_id id) {
  add_for(self->id(), at,
          {.what = kind::request,
           .number = id.integer_value(),
           .receiver = caf::actor_cast<caf::strong_actor_ptr>(self)});
}

void lazy_clock::cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) {
  take(self->id(),
       [type](const timer& one) { return one.what == kind::ordinary && one.type == type; });
}

void lazy_clock::cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) {
  take(self->id(), [number = id.integer_value()](const timer& one) {
    return one.what == kind::request && one.number == number;
  });
}

void lazy_clock::cancel_timeouts(caf::abstract_actor* self) {
  while (take(self->id(), [](const timer&) { return true; }))
    continue;
}

void lazy_clock::schedule_message(time_point at, caf::strong_actor_ptr receiver,
                                  caf::mailbox_element_ptr content) {
  add(at, {.what = kind::message, .receiver = std::move(receiver), .content = std::move(content)});
}

void lazy_clock::schedule_message(time_point at, caf::group target, caf::strong_actor_ptr sender,
                                  caf::message content) {
  add(at, {.what = kind::group_message,
           .receiver = std::move(sender),
           .group = std::move(target),
           .group_content = std::move(content)});
}

void lazy_clock::cancel_all() {
  timers dropped;
  const std::lock_guard lock{guard_};
  by_actor_.clear();
  dropped.swap(due_);
}

void lazy_clock::add(time_point at, timer what) {
  const std::lock_guard lock{guard_};
  due_.emplace(at, std::move(what));
  note_first(at);
}

void lazy_clock::add_for(caf::actor_id who, time_point at, timer what) {
  const std::lock_guard lock{guard_};
  by_actor_.emplace(who, due_.emplace(at, std::move(what)));
  note_first(at);
}

void lazy_clock::note_first(time_point at) {
  if (at >= wakes_at_)
    return;
  wakes_at_ = at;
  changed_.notify_one();
}

template <class Which>
lazy_clock::timers::node_type lazy_clock::take(caf::actor_id who, Which which) {
  const std::lock_guard lock{guard_};
  const auto [first, last] = by_actor_.equal_range(who);
  const auto found
    = std::find_if(first, last, [&](const auto& one) { return which(one.second->second); });
  if (found == last)
    return {};
  const auto where = found->second;
  by_actor_.erase(found);
  return due_.extract(where);
}

void lazy_clock::forget(caf::actor_id who, timers::iterator which) {
  const auto [first, last] = by_actor_.equal_range(who);
  const auto found
    = std::find_if(first, last, [&](const auto& one) { return one.second == which; });
  if (found != last)
    by_actor_.erase(found);
}

void lazy_clock::send(timer& due) {
  switch (due.what) {
    case kind::ordinary:
    case kind::multi:
      due.receiver->enqueue(due.receiver, caf::make_message_id(),
                            caf::make_message(caf::timeout_msg{due.type, due.number}), nullptr);
      break;
    case kind::request:
      due.receiver->enqueue(due.receiver, caf::message_id{due.number},
                            caf::make_message(caf::make_error(caf::sec::request_timeout)), nullptr);
      break;
    case kind::message: due.receiver->enqueue(std::move(due.content), nullptr); break;
    case kind::group_message:
      due.group.eq_impl(caf::make_message_id(), std::move(due.receiver), nullptr,
                        std::move(due.group_content));
      break;
  }
}

void lazy_clock::run() {
  std::unique_lock lock{guard_};
  while (!closed_) {
    if (due_.empty() || due_.begin()->first > now()) {
      wakes_at_ = due_.empty() ? time_point::max() : due_.begin()->first;
      if (due_.empty())
        changed_.wait(lock);
      else
        changed_.wait_until(lock, wakes_at_);
      continue;
    }
    const auto first = due_.begin();
    if (first->second.what == kind::ordinary || first->second.what == kind::multi
        || first->second.what == kind::request)
      forget(first->second.receiver->id(), first);
    auto due = due_.extract(first);
    lock.unlock();
    send(due.mapped());
    due = {};
    lock.lock();
  }
}

void lazy_clock::close() {
  cancel_all();
  const std::lock_guard lock{guard_};
  closed_ = true;
  changed_.notify_one();
}

} // namespace ottla::detail

#endif

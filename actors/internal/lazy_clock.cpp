#include <ottla/actors/internal/lazy_clock.hpp>

#if !OTTLA_CAF_1

#  include <caf/group.hpp>

#  include <algorithm>

namespace ottla::detail {

void lazy_clock::set_ordinary_timeout(time_point at, caf::abstract_actor* self,
                                      caf::atom_value type, std::uint64_t id) {
  // A new timeout replaces the former timeout of the same type.
  cancel_ordinary_timeout(self, type);
  add_for(at, {.what = kind::ordinary,
               .number = id,
               .type = type,
               .receiver = caf::actor_cast<caf::strong_actor_ptr>(self)});
}

void lazy_clock::set_multi_timeout(time_point at, caf::abstract_actor* self, caf::atom_value type,
                                   std::uint64_t id) {
  add_for(at, {.what = kind::multi,
               .number = id,
               .type = type,
               .receiver = caf::actor_cast<caf::strong_actor_ptr>(self)});
}

void lazy_clock::set_request_timeout(time_point at, caf::abstract_actor* self, caf::message_id id) {
  add_for(at, {.what = kind::request,
               .number = id.integer_value(),
               .receiver = caf::actor_cast<caf::strong_actor_ptr>(self)});
}

void lazy_clock::cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) {
  take({self->id(), kind::ordinary, static_cast<std::uint64_t>(type)});
}

void lazy_clock::cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) {
  take({self->id(), kind::request, id.integer_value()});
}

void lazy_clock::cancel_timeouts(caf::abstract_actor* self) {
  std::vector<timers::node_type> dropped;
  const std::lock_guard lock{guard_};
  const auto first = by_actor_.lower_bound({self->id(), kind{}, 0});
  auto last = first;
  for (; last != by_actor_.end() && last->first.who == self->id(); ++last)
    dropped.push_back(due_.extract(last->second));
  by_actor_.erase(first, last);
}

void lazy_clock::schedule_message(time_point at, caf::strong_actor_ptr receiver,
                                  caf::mailbox_element_ptr content) {
  // The timer of a request outlives the receiver, since the requester waits for the failure. The
  // timer of any other message is dropped at the receiver's end, since the timer would keep the
  // receiver in memory.
  const bool goes_with_it = receiver && !content->mid.is_request();
  timer what{.what = kind::message, .receiver = std::move(receiver), .content = std::move(content)};
  if (goes_with_it)
    add_for(at, std::move(what));
  else
    add(at, std::move(what));
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

void lazy_clock::add_for(time_point at, timer what) {
  const std::lock_guard lock{guard_};
  if (what.what == kind::message)
    what.number = ++messages_;
  const auto which = key_of(what);
  by_actor_.emplace(which, due_.emplace(at, std::move(what)));
  note_first(at);
}

lazy_clock::key lazy_clock::key_of(const timer& what) {
  return {what.receiver->id(), what.what,
          what.what == kind::ordinary ? static_cast<std::uint64_t>(what.type) : what.number};
}

void lazy_clock::note_first(time_point at) {
  if (at >= wakes_at_)
    return;
  wakes_at_ = at;
  changed_.notify_one();
}

lazy_clock::timers::node_type lazy_clock::take(const key& which) {
  const std::lock_guard lock{guard_};
  const auto found = by_actor_.find(which);
  if (found == by_actor_.end())
    return {};
  const auto where = found->second;
  by_actor_.erase(found);
  return due_.extract(where);
}

void lazy_clock::forget(timers::iterator which) {
  const auto [first, last] = by_actor_.equal_range(key_of(which->second));
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
    if (first->second.what != kind::group_message && first->second.receiver)
      forget(first);
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

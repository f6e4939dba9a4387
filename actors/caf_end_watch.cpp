#include <ottla/actors/caf_end_watch.hpp>

namespace ottla {

namespace {

struct key_token {
  // This value is above CAF's own token types, which count from 0.
  static constexpr std::size_t token_type = 0x07710;
  const end_watch_key& key;
};

/// Only classes that derive from CAF's actors can access these members.
struct opened_actor : caf::event_based_actor {
  static constexpr auto attach_to = &opened_actor::attach_impl;
  static constexpr auto detach_from = &opened_actor::detach_impl;
};

} // namespace

bool end_watch::matches(const token& what) {
  return what.subtype == key_token::token_type
         && static_cast<const key_token*>(what.ptr)->key == key_;
}

void attach(caf::abstract_actor& to, end_watch_ptr watch) {
  to.attach(std::move(watch));
}

std::size_t detach(caf::abstract_actor& from, const end_watch_key& key) {
  return from.detach(key_token{key});
}

void attach_once_locked(caf::event_based_actor& to, end_watch_ptr watch) {
  const key_token token{watch->key()};
  const bool stop_at_first = true;
  const bool only_count = true;
  if ((to.*opened_actor::detach_from)(token, stop_at_first, only_count) != 0)
    return;
  caf::attachable_ptr attached{std::move(watch)};
  (to.*opened_actor::attach_to)(attached);
}

std::size_t detach_locked(caf::event_based_actor& from, const end_watch_key& key) {
  return (from.*opened_actor::detach_from)(key_token{key}, false, false);
}

} // namespace ottla

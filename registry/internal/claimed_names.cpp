#include <ottla/registry/internal/claimed_names.hpp>
#include <ottla/registry/internal/name_hash.hpp>

#include <utility>

namespace ottla::detail {

namespace {

struct entry_disposal {
  void operator()(entry* what) const { entry::dispose(what); }
};

} // namespace

class claimed_names::change {
public:
  explicit change(claimed_names& of) : of_{of}, lock_{of.guard_}, registry_{of.news_.reader()} {}

  ~change() {
    const bool tells = of_.news_.is_to_be_told();
    auto due = of_.left_over_.take_due();
    lock_.unlock();
    if (tells)
      post(registry_, table_changed{});
    dispose_when_unread(std::move(due));
  }

  change(const change&) = delete;
  change& operator=(const change&) = delete;

private:
  claimed_names& of_;
  std::unique_lock<std::mutex> lock_;
  caf::actor registry_;
};

// Each handle from the table outlives the lock. The handle may have become the last handle, whose
// release runs the destructor of a user's process.

claimed_names::claimed_names(std::string name, key_rule keys)
  : name_{std::move(name)}, rule_{keys} {}

claimed_names::~claimed_names() {
  for (auto& [id, each] : holders_)
    while (each.first != nullptr) {
      auto* what = std::exchange(each.first, each.first->writers_next_of_holder());
      what->end();
      left_over_.add<&entry::dispose>(what);
    }
}

caf::actor claimed_names::claim(std::string_view name, const caf::actor& who, holding how,
                                name_value value) {
  check_name(name);
  if (!is_alive(who))
    return {};
  const auto hash = name_hash::of(name);
  caf::actor holder;
  const change writing{*this};
  auto* first = index_.find(hash, name);
  if (first != nullptr && rule_ == key_rule::unique) {
    holder = first->holder_handle();
    if (is_alive(holder))
      return holder;
    unlink(first);
    first = nullptr;
  }
  std::unique_ptr<entry, entry_disposal> made{entry::make(name, hash, who, how, value)};
  link(*made, first);
  made.release();
  if (news_.is_listened_to())
    news_.happened(name_registered{.registry = name_,
                                   .name = std::string{name},
                                   .holder = who.address(),
                                   .value = std::move(value)});
  return who;
}

void claimed_names::link(entry& what, entry* first_in_name) {
  auto& of = holders_[what.holder().id()];
  if (first_in_name == nullptr)
    index_.insert(&what);
  else
    what.append_to(first_in_name);
  if (of.first == nullptr) {
    of.who = what.holder();
    tell_of(of);
  }
  what.prepend_to(of.first);
  of.first = &what;
  size_.fetch_add(1, std::memory_order_relaxed);
}

void claimed_names::unlink(entry* what) {
  auto* first = index_.find(what->hash(), what->name());
  auto* left = what->unlink_from(first);
  if (left != first)
    index_.replace(first, left);
  const auto of = holders_.find(what->holder().id());
  of->second.first = what->unlink_from_holder(of->second.first);
  if (of->second.first == nullptr) {
    tell_of(of->second);
    drop_if_idle(of);
  }
  what->end();
  if (news_.is_listened_to())
    news_.happened(name_unregistered{
      .registry = name_, .name = std::string{what->name()}, .holder = what->holder()});
  left_over_.add<&entry::dispose>(what, what->is_costly());
  size_.fetch_sub(1, std::memory_order_relaxed);
}

void claimed_names::tell_of(holder& one) {
  if (news_.has_reader() && !std::exchange(one.is_news, true))
    news_.changed(one.who);
}

void claimed_names::drop_if_idle(holder_list::iterator which) {
  if (which->second.first == nullptr && !which->second.is_news)
    holders_.erase(which);
}

std::vector<entry*> claimed_names::entries_of(std::string_view name, const caf::actor_addr& who) {
  std::vector<entry*> found;
  const auto of = holders_.find(id_of(who));
  if (of == holders_.end())
    return found;
  const auto hash = name_hash::of(name);
  auto* const first_in_name = index_.find(hash, name);
  auto* in_name = first_in_name;
  auto* of_holder = of->second.first;
  while (in_name != nullptr && of_holder != nullptr) {
    in_name = in_name->writers_next_in_name();
    of_holder = of_holder->writers_next_of_holder();
  }
  if (in_name == nullptr) {
    for (auto* each = first_in_name; each != nullptr; each = each->writers_next_in_name())
      if (each->holder() == who)
        found.push_back(each);
  } else {
    for (auto* each = of->second.first; each != nullptr; each = each->writers_next_of_holder())
      if (each->hash() == hash && each->has_name(name))
        found.push_back(each);
  }
  return found;
}

std::size_t claimed_names::release(std::string_view name, const caf::actor_addr& who,
                                   const value_match& matched) {
  std::size_t count = 0;
  const change writing{*this};
  for (auto* each : entries_of(name, who))
    if (!matched || matched(each->value())) {
      unlink(each);
      ++count;
    }
  return count;
}

bool claimed_names::update(std::string_view name, const caf::actor_addr& who,
                           const std::function<std::any(const name_value&)>& change_to) {
  const change writing{*this};
  const auto found = entries_of(name, who);
  for (auto* each : found)
    if (auto* was
        = each->exchange_value(std::make_shared<const std::any>(change_to(each->value()))))
      left_over_.add(was, true);
  return !found.empty();
}

void claimed_names::watch_with(const caf::actor_addr& registry, bool listens) {
  const change writing{*this};
  news_.watch_with(registry, listens);
}

std::vector<caf::actor_addr> claimed_names::holders_after(caf::actor_id last) {
  std::vector<caf::actor_addr> some;
  const std::lock_guard lock{guard_};
  for (auto each = holders_.upper_bound(last); each != holders_.end() && some.size() < at_a_time;) {
    const auto here = each++;
    here->second.is_news = false;
    if (here->second.first != nullptr)
      some.push_back(here->second.who);
    drop_if_idle(here);
  }
  return some;
}

std::vector<claimed_names::holder_news> claimed_names::take_holders() {
  std::vector<holder_news> taken;
  const std::lock_guard lock{guard_};
  for (auto& who : news_.take_holders(at_a_time)) {
    const auto found = holders_.find(who.id());
    const bool known = found != holders_.end();
    taken.push_back({std::move(who), known && found->second.first != nullptr});
    if (known) {
      found->second.is_news = false;
      drop_if_idle(found);
    }
  }
  return taken;
}

std::deque<name_event> claimed_names::take_events() {
  const std::lock_guard lock{guard_};
  return news_.take_events();
}

void claimed_names::forget(const caf::actor_addr& who) {
  while (!forget_some(who)) {
  }
}

bool claimed_names::forget_some(const caf::actor_addr& who) {
  const change writing{*this};
  for (std::size_t count = 0; count < at_a_time; ++count) {
    const auto of = holders_.find(id_of(who));
    if (of == holders_.end() || of->second.first == nullptr)
      return true;
    unlink(of->second.first);
  }
  return false;
}

void claimed_names::put_meta(std::string_view key, name_value value) {
  // swap() moves the former value into `value`, which outlives the lock.
  const std::lock_guard lock{meta_guard_};
  meta_[std::string{key}].swap(value);
}

name_value claimed_names::meta(std::string_view key) const {
  const std::lock_guard lock{meta_guard_};
  const auto found = meta_.find(key);
  return found == meta_.end() ? nullptr : found->second;
}

void claimed_names::delete_meta(std::string_view key) {
  name_value last;
  const std::lock_guard lock{meta_guard_};
  if (const auto found = meta_.find(key); found != meta_.end()) {
    last = std::move(found->second);
    meta_.erase(found);
  }
}

} // namespace ottla::detail

#include <ottla/registry/internal/claimed_names.hpp>
#include <ottla/registry/internal/name_hash.hpp>

#include <utility>

namespace ottla::detail {

namespace {

struct entry_disposal {
  void operator()(entry* owned) const { entry::dispose(owned); }
};

} // namespace

class claimed_names::change {
public:
  explicit change(claimed_names& names)
    : names_{names}, lock_{names.guard_}, registry_{names.changes_.find_registry()} {}

  ~change() {
    const bool notifies = names_.changes_.must_notify();
    auto due = names_.removed_.take_due();
    lock_.unlock();
    if (notifies)
      post(registry_, table_changed{});
    dispose_when_unread(std::move(due));
  }

  change(const change&) = delete;
  change& operator=(const change&) = delete;

private:
  claimed_names& names_;
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
      auto* gone = std::exchange(each.first, each.first->writers_next_of_holder());
      gone->end();
      removed_.add<&entry::dispose>(gone);
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
  if (changes_.has_listeners())
    changes_.add_event(name_registered{.registry = name_,
                                       .name = std::string{name},
                                       .holder = who.address(),
                                       .value = std::move(value)});
  return who;
}

void claimed_names::link(entry& added, entry* first_in_name) {
  auto& owner = holders_[added.holder().id()];
  if (first_in_name == nullptr)
    index_.insert(&added);
  else
    added.append_to(first_in_name);
  if (owner.first == nullptr) {
    owner.who = added.holder();
    report_change_of(owner);
  }
  added.prepend_to(owner.first);
  owner.first = &added;
  size_.fetch_add(1, std::memory_order_relaxed);
}

void claimed_names::unlink(entry* gone) {
  auto* first = index_.find(gone->hash(), gone->name());
  auto* left = gone->unlink_from(first);
  if (left != first)
    index_.replace(first, left);
  const auto owner = holders_.find(gone->holder().id());
  owner->second.first = gone->unlink_from_holder(owner->second.first);
  if (owner->second.first == nullptr) {
    report_change_of(owner->second);
    erase_if_idle(owner);
  }
  gone->end();
  if (changes_.has_listeners())
    changes_.add_event(name_unregistered{
      .registry = name_, .name = std::string{gone->name()}, .holder = gone->holder()});
  removed_.add<&entry::dispose>(gone, gone->is_costly());
  size_.fetch_sub(1, std::memory_order_relaxed);
}

void claimed_names::report_change_of(holder& changed) {
  if (changes_.registry_lives() && !std::exchange(changed.is_pending, true))
    changes_.add_holder(changed.who);
}

void claimed_names::erase_if_idle(holder_list::iterator owner) {
  if (owner->second.first == nullptr && !owner->second.is_pending)
    holders_.erase(owner);
}

std::vector<entry*> claimed_names::entries_of(std::string_view name, const caf::actor_addr& who) {
  std::vector<entry*> found;
  const auto owner = holders_.find(id_of(who));
  if (owner == holders_.end())
    return found;
  const auto hash = name_hash::of(name);
  auto* const first_in_name = index_.find(hash, name);
  auto* in_name = first_in_name;
  auto* of_holder = owner->second.first;
  while (in_name != nullptr && of_holder != nullptr) {
    in_name = in_name->writers_next_in_name();
    of_holder = of_holder->writers_next_of_holder();
  }
  if (in_name == nullptr) {
    for (auto* each = first_in_name; each != nullptr; each = each->writers_next_in_name())
      if (each->holder() == who)
        found.push_back(each);
  } else {
    for (auto* each = owner->second.first; each != nullptr; each = each->writers_next_of_holder())
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
      removed_.add(was, true);
  return !found.empty();
}

void claimed_names::report_to(const caf::actor_addr& registry, bool has_listeners) {
  const change writing{*this};
  changes_.report_to(registry, has_listeners);
}

std::vector<caf::actor_addr> claimed_names::holders_after(caf::actor_id last) {
  std::vector<caf::actor_addr> some;
  const std::lock_guard lock{guard_};
  for (auto each = holders_.upper_bound(last); each != holders_.end() && some.size() < at_a_time;) {
    const auto here = each++;
    here->second.is_pending = false;
    if (here->second.first != nullptr)
      some.push_back(here->second.who);
    erase_if_idle(here);
  }
  return some;
}

std::vector<claimed_names::changed_holder> claimed_names::take_changed_holders() {
  std::vector<changed_holder> taken;
  const std::lock_guard lock{guard_};
  for (auto& who : changes_.take_changed_holders(at_a_time)) {
    const auto found = holders_.find(who.id());
    const bool known = found != holders_.end();
    taken.push_back({std::move(who), known && found->second.first != nullptr});
    if (known) {
      found->second.is_pending = false;
      erase_if_idle(found);
    }
  }
  return taken;
}

std::deque<name_event> claimed_names::take_events() {
  const std::lock_guard lock{guard_};
  return changes_.take_events();
}

void claimed_names::release_all(const caf::actor_addr& who) {
  while (!release_some(who)) {
  }
}

bool claimed_names::release_some(const caf::actor_addr& who) {
  const change writing{*this};
  for (std::size_t count = 0; count < at_a_time; ++count) {
    const auto owner = holders_.find(id_of(who));
    if (owner == holders_.end() || owner->second.first == nullptr)
      return true;
    unlink(owner->second.first);
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

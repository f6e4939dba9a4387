#include <ottla/registry/internal/claimed_names.hpp>
#include <ottla/registry/internal/name_hash.hpp>
#include <ottla/registry/name_table.hpp>

#include <algorithm>
#include <utility>

namespace ottla {

namespace {

using detail::entry;
using detail::holding;
using detail::read_section;
using detail::released_handles;

const entry* first_of(const detail::claimed_names& in, std::string_view name) {
  return in.index().find(detail::name_hash::of(name), name);
}

/// The first entry under the name for which `lives` returns true. Call in a read_section.
template <class Lives>
const entry* first_living(const detail::claimed_names& in, std::string_view name, Lives lives) {
  const auto* each = first_of(in, name);
  while (each != nullptr && !lives(*each))
    each = each->next_in_name();
  return each;
}

registered row_of(const entry& from, const caf::actor& holder) {
  return {.name = std::string{from.name()}, .holder = holder, .value = from.value()};
}

name_value value_of(std::any what) {
  return what.has_value() ? std::make_shared<const std::any>(std::move(what)) : nullptr;
}

class kept_entry final : public registration {
public:
  explicit kept_entry(const entry& which) : which_{which} { which_.keep(); }
  ~kept_entry() override { which_.drop(); }
  kept_entry(const kept_entry&) = delete;
  kept_entry& operator=(const kept_entry&) = delete;

  bool visit(process_visitor use) const override {
    released_handles released;
    const read_section reading;
    return which_.with_living(use, released);
  }

private:
  const entry& which_;
};

} // namespace

name_table::name_table(std::string name, key_rule keys)
  : names_{std::make_unique<detail::claimed_names>(std::move(name), keys)} {}

name_table::~name_table() = default;

std::shared_ptr<name_table> name_table::find(const directory& names, std::string_view registry) {
  return std::dynamic_pointer_cast<name_table>(names.mounted(registry));
}

const std::string& name_table::name() const noexcept {
  return names_->name();
}

key_rule name_table::rule() const noexcept {
  return names_->rule();
}

// Readers declare their handles before the read_section. Such a handle may become the last handle
// of a process, and must be released after the section.

caf::actor name_table::whereis(std::string_view name) const {
  caf::actor found;
  released_handles released;
  const read_section reading;
  first_living(*names_, name, [&](const entry& each) { return each.copy_living(found, released); });
  return found;
}

bool name_table::visit(std::string_view name, process_visitor use) const {
  released_handles released;
  const read_section reading;
  return first_living(*names_, name,
                      [&](const entry& each) { return each.with_living(use, released); })
         != nullptr;
}

std::shared_ptr<const registration> name_table::keep(std::string_view name) const {
  released_handles released;
  const read_section reading;
  const auto* found = first_living(*names_, name, [&](const entry& each) {
    return each.with_living([](const caf::actor&) {}, released);
  });
  return found != nullptr ? std::make_shared<const kept_entry>(*found) : nullptr;
}

caf::actor name_table::claim(std::string_view name, const caf::actor& who) {
  return names_->claim(name, who, holding::weak, nullptr);
}

caf::actor name_table::claim(std::string_view name, const caf::actor& who, std::any value) {
  return names_->claim(name, who, holding::weak, value_of(std::move(value)));
}

caf::actor name_table::claim_held(std::string_view name, const caf::actor& who) {
  return names_->claim(name, who, holding::strong, nullptr);
}

void name_table::release(std::string_view name, const caf::actor_addr& who) {
  names_->release(name, who, nullptr);
}

std::size_t name_table::release_if(std::string_view name, const caf::actor_addr& who,
                                   const std::function<bool(const name_value&)>& matched) {
  return names_->release(name, who, matched);
}

std::vector<registered> name_table::lookup(std::string_view name) const {
  std::vector<registered> rows;
  released_handles released;
  const read_section reading;
  for (const auto* each = first_of(*names_, name); each != nullptr; each = each->next_in_name())
    each->with_living([&](const caf::actor& holder) { rows.push_back(row_of(*each, holder)); },
                      released);
  return rows;
}

std::vector<name_value> name_table::values(std::string_view name,
                                           const caf::actor_addr& who) const {
  std::vector<name_value> found;
  released_handles released;
  const read_section reading;
  for (const auto* each = first_of(*names_, name); each != nullptr; each = each->next_in_name())
    if (each->holder() == who)
      each->with_living([&](const caf::actor&) { found.push_back(each->value()); }, released);
  return found;
}

bool name_table::update_value(std::string_view name, const caf::actor_addr& who,
                              const std::function<std::any(const name_value&)>& change) {
  return names_->update(name, who, change);
}

std::size_t
name_table::dispatch(std::string_view name,
                     const std::function<void(const caf::actor&, const name_value&)>& use) const {
  std::size_t count = 0;
  released_handles released;
  const read_section reading;
  for (const auto* each = first_of(*names_, name); each != nullptr; each = each->next_in_name())
    count
      += each->with_living([&](const caf::actor& holder) { use(holder, each->value()); }, released);
  return count;
}

std::vector<registered> name_table::select(std::string_view prefix) const {
  std::vector<registered> rows;
  released_handles released;
  std::uint64_t next = 0;
  do {
    const read_section reading;
    next = names_->index().walk(next, [&](const entry& first) {
      if (!first.name().starts_with(prefix))
        return;
      for (const auto* each = &first; each != nullptr; each = each->next_in_name())
        each->with_living([&](const caf::actor& holder) { rows.push_back(row_of(*each, holder)); },
                          released);
    });
  } while (++next != 0);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& left, const auto& right) { return left.name < right.name; });
  return rows;
}

std::vector<registered>
name_table::select(std::string_view prefix,
                   const std::function<bool(const registered&)>& matched) const {
  auto rows = select(prefix);
  std::erase_if(rows, [&](const registered& row) { return !matched(row); });
  return rows;
}

std::vector<std::string> name_table::names_of(const caf::actor_addr& who) const {
  std::vector<std::string> names;
  released_handles released;
  names_->walk_holder(who, [&](const entry& each) {
    each.with_living([&](const caf::actor&) { names.emplace_back(each.name()); }, released);
  });
  std::sort(names.begin(), names.end());
  return names;
}

std::size_t name_table::size() const noexcept {
  return names_->size();
}

void name_table::put_meta(std::string_view key, std::any value) {
  names_->put_meta(key, value_of(std::move(value)));
}

name_value name_table::meta(std::string_view key) const {
  return names_->meta(key);
}

void name_table::delete_meta(std::string_view key) {
  names_->delete_meta(key);
}

} // namespace ottla

#pragma once

#include <ottla/actors/directory.hpp>
#include <ottla/registry/name.hpp>
#include <ottla/registry/registered.hpp>

#include <any>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ottla {

namespace detail {

class table_core;

} // namespace detail

class registry;

enum class key_rule : std::uint8_t {
  /// A name leads to one process.
  unique,
  /// Any number of processes may be under one name, and one process several times: for dispatch.
  duplicate,
};

/// The names of one registry: OTP's and Elixir's Registry. It belongs to whoever starts the
/// registry process, so that the process may crash without a living process losing its name, and
/// look-ups and claims go on meanwhile.
///
/// A name is held by the living only: the dead are never found and never in the way, even before
/// the registry has cleared them away. Holding a name keeps no process alive.
///
/// whereis, visit, keep, lookup, dispatch and select take no lock, and allocate nothing after a
/// thread's first read but what they answer. Writes are ordered by a lock of the table's and take
/// microseconds, whatever the table's size. It never shrinks: what finding a million names took, 18
/// MiB, stays.
///
/// Thread safety: call from any thread. It outlives everybody's calls; when it ends, what it freed
/// late is freed, so it must end before the actor system does.
class name_table : public directory {
public:
  /// `name` is for listeners and logs.
  explicit name_table(std::string name = {}, key_rule keys = key_rule::unique);
  ~name_table() override;
  name_table(const name_table&) = delete;
  name_table& operator=(const name_table&) = delete;

  /// The table that is mounted in `names` under that name; null for none. (Elixir's registries
  /// are named by an atom.)
  static std::shared_ptr<name_table> find(const directory& names, std::string_view registry);

  const std::string& name() const noexcept;
  key_rule rule() const noexcept;

  // One name. Under a duplicate name whereis, visit and keep mean the one that registered first.

  caf::actor whereis(std::string_view name) const override;
  bool visit(std::string_view name, process_visitor use) const override;
  std::shared_ptr<const registration> keep(std::string_view name) const override;

  /// Throws as check_name does. With duplicate names everybody gets theirs.
  caf::actor claim(std::string_view name, const caf::actor& who) override;
  caf::actor claim(std::string_view name, const caf::actor& who, std::any value);
  caf::actor claim_held(std::string_view name, const caf::actor& who) override;

  /// All that `who` has under the name.
  void release(std::string_view name, const caf::actor_addr& who) override;

  /// Of these, those whose value is matched (Elixir's unregister_match). Answers how many.
  std::size_t release_if(std::string_view name, const caf::actor_addr& who,
                         const std::function<bool(const name_value&)>& matched);

  /// The living under a name, in the order in which they registered.
  std::vector<registered> lookup(std::string_view name) const;

  /// The values that `who` has under the name.
  std::vector<name_value> values(std::string_view name, const caf::actor_addr& who) const;

  /// Replaces the value of what `who` has under the name; false where that is nothing. `change` is
  /// called under the table's lock: it must not use the table.
  bool update_value(std::string_view name, const caf::actor_addr& who,
                    const std::function<std::any(const name_value&)>& change);

  /// Runs `use` with each living process under the name; as directory::visit. Answers how many.
  std::size_t dispatch(std::string_view name,
                       const std::function<void(const caf::actor&, const name_value&)>& use) const;

  // All names.

  /// The living whose names start with `prefix`, by name. (Registrations that go on for as long as
  /// the call are in it; of those made or ended meanwhile, any.)
  std::vector<registered> select(std::string_view prefix) const;
  std::vector<registered> select(std::string_view prefix,
                                 const std::function<bool(const registered&)>& matched) const;

  /// What one process holds, by name; a duplicate one as often as it does (Elixir's keys).
  std::vector<std::string> names_of(const caf::actor_addr& who) const;

  /// Registrations, those of the dead that are not cleared away yet included.
  std::size_t size() const noexcept;

  // Values of the registry itself (Elixir's meta).

  void put_meta(std::string_view key, std::any value);
  name_value meta(std::string_view key) const;
  void delete_meta(std::string_view key);

private:
  friend class registry;
  std::unique_ptr<detail::table_core> core_;
};

} // namespace ottla

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

class claimed_names;

} // namespace detail

class registry;

enum class key_rule : std::uint8_t {
  /// One process holds a name.
  unique,
  /// Any number of processes may share a name, and one process may hold a name several times. Use
  /// duplicate names for dispatch.
  duplicate,
};

/// The names of one registry, as in OTP and in Elixir's Registry. The code that starts the registry
/// process owns the table, so the registry process may crash: living processes keep their names,
/// and look-ups and claims continue.
///
/// Only living processes hold names. A dead process is never found and never blocks a claim, even
/// before the registry has removed its names. A name keeps no process alive.
///
/// whereis, visit, keep, lookup, dispatch and select take no lock. After a thread's first read they
/// allocate only their results. Writes take the table's lock, and last microseconds whatever the
/// table's size. The table never shrinks: the index of a million names, 18 MiB, stays allocated.
///
/// Thread safety: call from any thread. The table must outlive all calls. Its destructor frees
/// removed entries and values, so destroy the table before the actor system.
///
/// Unique names: one process holds a name. Any thread can read the value of the name.
///
///     ottla::name_table rooms{"rooms"};
///     rooms.claim("lobby", lobby, 0);                       // the value: number of guests
///     rooms.claim("lobby", other);                          // returns lobby, changes nothing
///     rooms.update_value("lobby", lobby.address(), [](const ottla::name_value& guests) {
///       return *ottla::value_as<int>(guests) + 1;
///     });
///     ottla::value_as<int>(rooms.lookup("lobby").front().value);    // points to 1
///     rooms.visit("lobby", [](const caf::actor& room) { ottla::post(room, open_door{}); });
///
/// Duplicate names: any number of processes share a name.
///
///     ottla::name_table carts{"carts", ottla::key_rule::duplicate};
///     carts.claim("ada", cart, std::string{"books"});
///     for (const auto& each : carts.lookup("ada"))
///       fmt::print("{}\n", *ottla::value_as<std::string>(each.value));
///     carts.dispatch("ada", [](const caf::actor& to, const ottla::name_value&) {
///       ottla::post(to, add{2});
///     });
class name_table : public directory {
public:
  /// `name` is for listeners and logs, and for the mount of a registry.
  explicit name_table(std::string name = {}, key_rule keys = key_rule::unique);
  ~name_table() override;
  name_table(const name_table&) = delete;
  name_table& operator=(const name_table&) = delete;

  /// The table that is mounted in `names` as `registry`; null if there is none.
  static std::shared_ptr<name_table> find(const directory& names, std::string_view registry);

  const std::string& name() const noexcept;
  key_rule rule() const noexcept;

  // One name. For a duplicate name whereis, visit and keep use the first living process that
  // claimed the name.

  /// The living process that holds the name; null if there is none.
  caf::actor whereis(std::string_view name) const override;

  /// Runs `use` with the living process that holds the name. Returns false if there is none. If
  /// the process claimed the name by claim_held, this copies no handle and is cheaper than whereis.
  bool visit(std::string_view name, process_visitor use) const override;

  /// The registration of the living process that holds the name, for repeated sends without a
  /// look-up (see kept_ref). Null if there is none. Stays valid if the table is destroyed.
  std::shared_ptr<const registration> keep(std::string_view name) const override;

  /// Gives the name to `who` and returns `who`. With key_rule::unique, if another living process
  /// holds the name, changes nothing and returns that process. Returns null if `who` is dead.
  /// Throws as check_name does.
  caf::actor claim(std::string_view name, const caf::actor& who) override;
  caf::actor claim(std::string_view name, const caf::actor& who, std::any value);

  /// Like claim, but the table holds a handle to `who` until the release, so that visits need not
  /// copy one. `who` must release the name when it ends. ottla claims each
  /// child_spec::name in this way.
  caf::actor claim_held(std::string_view name, const caf::actor& who) override;

  /// Releases all registrations of `who` under the name.
  void release(std::string_view name, const caf::actor_addr& who) override;

  /// Releases the registrations of `who` under the name whose values match (Elixir's
  /// unregister_match). Returns the number of released registrations.
  std::size_t release_if(std::string_view name, const caf::actor_addr& who,
                         const std::function<bool(const name_value&)>& matched);

  /// The living processes under a name, in the order of their registrations.
  std::vector<registered> lookup(std::string_view name) const;

  /// The values that `who` has under the name.
  std::vector<name_value> values(std::string_view name, const caf::actor_addr& who) const;

  /// Replaces the values of `who` under the name. Returns false if `who` does not hold the name.
  /// `change` runs under the table's lock and must not use the table.
  bool update_value(std::string_view name, const caf::actor_addr& who,
                    const std::function<std::any(const name_value&)>& change);

  /// Runs `use` with each living process under the name, like directory::visit. Returns the number
  /// of processes.
  std::size_t dispatch(std::string_view name,
                       const std::function<void(const caf::actor&, const name_value&)>& use) const;

  // All names.

  /// The living processes whose names start with `prefix`, sorted by name. The result has every
  /// registration that lasts throughout the call. The result may include registrations that start
  /// or end during the call.
  std::vector<registered> select(std::string_view prefix) const;
  std::vector<registered> select(std::string_view prefix,
                                 const std::function<bool(const registered&)>& matched) const;

  /// The names of one process, sorted (Elixir's keys). A name that the process holds several times
  /// appears several times.
  std::vector<std::string> names_of(const caf::actor_addr& who) const;

  /// Number of registrations, including registrations of dead processes that are not removed yet.
  std::size_t size() const noexcept;

  // Values of the registry itself (Elixir's meta).

  void put_meta(std::string_view key, std::any value);
  name_value meta(std::string_view key) const;
  void delete_meta(std::string_view key);

private:
  friend class registry;
  std::unique_ptr<detail::claimed_names> names_;
};

} // namespace ottla

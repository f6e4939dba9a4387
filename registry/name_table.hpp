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

/// The names of a registry. What Elixir calls a registry is two objects here:
///
///   - a `name_table`, this class, which all threads read and write without asking a process;
///   - a `registry`, a process that removes the names of dead processes. start_registry() puts the
///     process into a tree.
///
/// Names for processes. The tree starts the registry first, then a child with a name in the table:
///
///     auto table = std::make_shared<ottla::name_table>("people");
///     ottla::application app{{
///       .id = "shop",
///       .children = {{.id = "people", .start = ottla::start_registry(std::move(table))},
///                    {.id = "anna", .start = ottla::start<clerk>(), .name = "people/anna"}},
///     }};
///     ottla::post(app.find("people/anna"), order{7}); // true
///     const auto people = ottla::name_table::find(*app.names(), "people");
///     const auto anna = people->whereis("anna");      // a handle
///
/// Values. Any thread can read the value of a name:
///
///     people->claim("bob", bob, 0);                   // returns bob; the value counts his orders
///     people->claim("bob", anna) == anna;             // false: bob keeps the name
///     people->update_value("bob", bob.address(), [](const ottla::name_value& orders) {
///       return *ottla::value_as<int>(orders) + 1;
///     });
///     ottla::value_as<int>(people->lookup("bob").front().value); // points to 1
///
/// Publish and subscribe. Any number of processes share a duplicate name:
///
///     ottla::name_table topics{"topics", ottla::key_rule::duplicate};
///     topics.claim("news", anna);
///     topics.claim("news", bob, std::string{"sports"});
///     const auto send_news = [](const caf::actor& reader, const ottla::name_value&) {
///       ottla::post(reader, headline{});
///     };
///     topics.dispatch("news", send_news);             // returns 2
///
/// How to choose a look-up:
///
///     | to …                                             | use                                 |
///     |--------------------------------------------------|-------------------------------------|
///     | send one message                                 | a process_ref, or `visit`           |
///     | send often to one name                           | a kept_ref, which uses `keep`       |
///     | get the handle                                   | `whereis`                           |
///     | read the values, or all holders of one name      | `lookup`                            |
///     | run a function with each holder of one name      | `dispatch`                          |
///     | list all names that have a common prefix         | `select`                            |
///
/// Only living processes hold names. A dead process is never found and never blocks a claim, even
/// before the registry has removed its names. A name from `claim` keeps no process alive.
///
/// A table outlives its registry: while the registry process is down, living processes keep their
/// names, and look-ups and claims continue. A table also works without a registry. A child with a
/// `.name` then still releases the name at its end. The entries of other dead processes remain in
/// memory: under a unique name until the next claim of the name, under a duplicate name until the
/// end of the table.
///
/// whereis, visit, keep, lookup, dispatch and select take no lock. After a thread's first read they
/// allocate only their results. Writes take the table's lock, and last microseconds whatever the
/// table's size. The table never shrinks: the index of a million names, 18 MiB, stays allocated.
///
/// Thread safety: call from any thread. The table must outlive all calls. Its destructor frees
/// removed entries and values, so destroy the table before the actor system.
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

  /// Runs `use` with the living process that holds the name. Returns false if there is none.
  /// Cheaper than whereis if the process claimed the name by claim_held, since no handle is copied.
  bool visit(std::string_view name, process_visitor use) const override;

  /// The registration of the living process that holds the name, for repeated sends without a
  /// look-up (see kept_ref). Null if there is none. Stays valid if the table is destroyed.
  std::shared_ptr<const registration> keep(std::string_view name) const override;

  /// Gives the name to `who` and returns `who`. With key_rule::unique, if a living process already
  /// holds the name, changes nothing and returns that process. A repeated claim by the same process
  /// therefore does not replace the value. Use update_value for that. Returns null if `who` is
  /// dead. Throws as check_name does.
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

  /// Runs `use` for each registration of a living process under the name, like directory::visit.
  /// Returns the number of these registrations.
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

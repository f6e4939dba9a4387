#include <ottla/supervision/partition_supervisor_spec.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "support/supervising.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace ottla;
using namespace ottla::test;
using namespace std::chrono_literals;

namespace {

const start_function some_start = [](start_context) { return caf::actor{}; };

bool says(const std::vector<std::string>& lines, const std::string& line) {
  return std::ranges::find(lines, line) != lines.end();
}

} // namespace

TEST_SUITE("child_spec: validity") {
  TEST_CASE("a significant child is invalid if it is permanent or its supervisor has "
            "auto_shutdown::never") {
    for (const auto when :
         {auto_shutdown::never, auto_shutdown::any_significant, auto_shutdown::all_significant})
      for (const auto policy : every_restart_policy)
        for (const bool is_significant : {false, true})
          for (const auto& shutdown : {shutdown_policy{}, shutdown_policy{0s}, shutdown_policy{1s},
                                       shutdown_policy::infinity(), shutdown_policy::brutal_kill()})
            for (const auto type : {child_type::worker, child_type::supervisor}) {
              const child_spec child{.id = "a",
                                     .start = some_start,
                                     .restart = policy,
                                     .shutdown = shutdown,
                                     .type = type,
                                     .significant = is_significant};
              const auto wrong = validate(child, supervisor_spec{.id = "top", .when_done = when});
              const bool permanent = is_significant && policy == restart_policy::permanent;
              const bool never = is_significant && when == auto_shutdown::never;
              CHECK(says(wrong, "child \"a\": a permanent child cannot be significant")
                    == permanent);
              CHECK(says(wrong, "child \"a\": must not be significant, because when_done of "
                                "supervisor \"top\" is never")
                    == never);
              CHECK(wrong.size() == static_cast<std::size_t>(permanent) + never);
            }
  }

  TEST_CASE_FIXTURE(supervising,
                    "start_child rejects an invalid spec with the faults that validate reports") {
    const child_spec bad_ones[] = {{.start = some_start},
                                   {.id = "a"},
                                   with(child("a"), -10ms),
                                   significant(child("a"), restart_policy::permanent)};
    for (const auto& bad : bad_ones) {
      const auto wrong = validate(bad, supervisor_spec{.id = "top"});
      CHECK_FALSE(wrong.empty());
      under(supervisor_spec{.id = "top"});
      const auto refused = asked(start_child{bad});
      CHECK(refused.error == supervision_errc::bad_spec);
      for (const auto& line : wrong)
        CHECK(refused.text.find(line) != std::string::npos);
      CHECK(listed() == "");
      CHECK(happened() == "");
      end_abruptly(top->process);
    }
  }

  TEST_CASE_FIXTURE(supervising,
                    "validate of a supervisor's spec also reports the faults of nested specs") {
    const supervisor_spec inner{.id = "inner", .children = {{.id = "leaf", .name = "a\nb"}}};
    const auto wrong = validate(
      supervisor_spec{.id = "top",
                      .children = {with(child("a"), -10ms), inner,
                                   dynamic_supervisor_spec{.id = "pool", .restarts = {3, 0s}},
                                   partition_supervisor_spec{.id = "carts", .name = "a/b"}}});
    REQUIRE(wrong.size() == 6);
    CHECK(wrong[0].find("child \"a\": shutdown") == 0);
    CHECK(wrong[1] == "child \"leaf\": a name must not contain control characters, got \"a\\nb\"");
    CHECK(wrong[2] == "child \"leaf\": no start function");
    CHECK(wrong[3].find("supervisor \"pool\": restarts.within") == 0);
    CHECK(wrong[4].find("partition supervisor \"carts\": name") == 0);
    CHECK(wrong[5] == "partition supervisor \"carts\": no child function");
  }

  TEST_CASE_FIXTURE(supervising,
                    "ids with control characters and names of more than 300 bytes are invalid") {
    auto bad = child("a");
    bad.id = "a\tb";
    bad.name = std::string(301, 'n');
    const auto wrong = validate(bad);
    REQUIRE(wrong.size() == 2);
    CHECK(wrong[0] == "child \"a\\tb\": id must not contain control characters");
    CHECK(wrong[1].find("a name must have at most 300 bytes") != std::string::npos);
  }

  TEST_CASE("a restart period of zero or less is invalid, however many restarts are allowed") {
    for (const auto within : {0s, -1s})
      for (const std::size_t at_most : {0, 3})
        CHECK(
          validate(supervisor_spec{.id = "top", .restarts = {.at_most = at_most, .within = within}})
            .size()
          == 1);
  }

  TEST_CASE_FIXTURE(
    supervising, "get_child_spec returns the fields of the spec, and defaults for omitted fields") {
    auto as_supervisor = child("c");
    as_supervisor.type = child_type::supervisor;
    under(supervisor_spec{
      .id = "top",
      .children = {child("a"), with(child("b"), shutdown_policy::brutal_kill()), as_supervisor}});
    const auto spec_of = [this](const std::string& id) {
      return *ask<child_spec_found>(*this, top->process, get_child_spec{id}).answer->spec;
    };
    for (const auto* id : {"a", "b", "c"}) {
      CHECK(spec_of(id).id == id);
      CHECK(spec_of(id).start);
      CHECK(spec_of(id).restart == restart_policy::permanent);
      CHECK_FALSE(spec_of(id).significant);
    }
    CHECK(spec_of("a").shutdown.patience(spec_of("a").type) == 5s);
    CHECK(spec_of("a").type == child_type::worker);
    CHECK(spec_of("b").shutdown.patience(spec_of("b").type) == 0s);
    CHECK(spec_of("c").shutdown.patience(spec_of("c").type) == std::chrono::nanoseconds::max());
    CHECK(spec_of("c").type == child_type::supervisor);
    CHECK(ask<child_spec_found>(*this, top->process, get_child_spec{.process = process("b")})
            .answer->spec->id
          == "b");
    CHECK(validate(spec_of("a")).empty());
  }
}

#include <ottla/actors/exit_reason.hpp>

#include "support/print.hpp"

#include <doctest/doctest.h>

using namespace ottla;

TEST_SUITE("exit_reason") {
  TEST_CASE("every exit reason survives the conversion to a CAF error and back") {
    init_message_types();
    for (const auto& reason :
         {exit_reason::normal(), exit_reason::shutdown(), exit_reason::shutdown("drained"),
          exit_reason::killed(), exit_reason::crashed("no such table"), exit_reason::crashed(""),
          exit_reason::noproc(), exit_reason::timeout()})
      CHECK(to_exit_reason(to_error(reason)) == reason);
  }

  TEST_CASE("only the exit reasons normal and shutdown are orderly") {
    CHECK(exit_reason::normal().orderly());
    CHECK(exit_reason::shutdown().orderly());
    CHECK(exit_reason::shutdown("drained").orderly());
    CHECK_FALSE(exit_reason::killed().orderly());
    CHECK_FALSE(exit_reason::crashed("x").orderly());
    CHECK_FALSE(exit_reason::noproc().orderly());
    CHECK_FALSE(exit_reason::timeout().orderly());
  }

  TEST_CASE("CAF's request_receiver_down becomes noproc, and CAF's unreachable becomes a crash "
            "with CAF's text") {
    CHECK(to_exit_reason(caf::make_error(caf::sec::request_receiver_down))
          == exit_reason::noproc());
    const auto lost = to_exit_reason(caf::make_error(caf::exit_reason::unreachable));
    CHECK(lost.what == exit_reason::kind::crashed);
    CHECK(lost.text.find("unreachable") != std::string::npos);
  }

  TEST_CASE("an exception without a text gets a fixed text") {
    struct silent : std::exception {
      const char* what() const noexcept override { return nullptr; }
    };
    CHECK(text_of(std::make_exception_ptr(silent{})) == "exception without a text");
    CHECK(text_of(std::make_exception_ptr(42)) == "exception of a type other than std::exception");
  }

  TEST_CASE("an exit reason prints its kind and its text") {
    CHECK(to_string(exit_reason::normal()) == "normal");
    CHECK(to_string(exit_reason::crashed("no such table")) == "crashed: no such table");
  }
}

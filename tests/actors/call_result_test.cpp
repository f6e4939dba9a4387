#include <ottla/actors/call_result.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

using namespace ottla;

namespace {

static_assert(std::is_same_v<decltype(*std::declval<const call_result<int>&>()), const int&>);
static_assert(!std::is_convertible_v<call_result<int>, bool>);
static_assert(!std::is_convertible_v<call_result<void>, bool>);

} // namespace

TEST_SUITE("call_result") {
  TEST_CASE("a result holds either the answer or the exit reason of the failed call") {
    const call_result<int> answered{7};
    CHECK(answered);
    CHECK(*answered == 7);
    const call_result<int> failed{exit_reason::timeout()};
    CHECK_FALSE(failed);
    CHECK_FALSE(failed.has_value());
    CHECK(failed.error() == exit_reason::timeout());
  }

  TEST_CASE("an answer can be changed in place and moved out of the result") {
    call_result<std::unique_ptr<std::string>> answered{std::make_unique<std::string>("a")};
    (*answered)->append("b");
    CHECK(answered->get()->size() == 2);
    const auto taken = *std::move(answered);
    CHECK(*taken == "ab");
  }

  TEST_CASE(
    "an empty answer is a success, and any exit reason is a failure, even exit_reason::normal()") {
    CHECK(call_result<void>{});
    const call_result<void> failed{exit_reason::normal()};
    CHECK_FALSE(failed);
    CHECK(failed.error() == exit_reason::normal());
  }
}

#include <ottla/kafka/internal/group/assignment_offer.hpp>

#include "support/print.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace ottla::kafka;

namespace {

const topic_partition zero{"old", 0};
const topic_partition one{"new", 0};

assignment_offer offer_of(std::vector<topic_partition> partitions) {
  return assignment_offer{{.answer = 1, .generation = 1, .partitions = std::move(partitions)}};
}

/// Text of the look-ups, as in `old/0 latest; new/0 earliest`.
std::string text_of(const std::vector<assignment_offer::look_up>& all) {
  std::string text;
  for (const auto& each : all) {
    text += text.empty() ? "" : "; ";
    for (const auto& where : each.partitions)
      text += to_string(where) + " ";
    text += std::holds_alternative<latest>(each.otherwise) ? "latest" : "earliest";
  }
  return text;
}

bool is_new(const std::string& topic) {
  return topic == "new";
}

beginning failing(const topic_partition& where, std::string why) {
  return {.at = where, .failed = error{.code = errc::timed_out, .text = std::move(why)}};
}

} // namespace

TEST_SUITE("assignment_offer") {
  TEST_CASE("one look-up covers all partitions if begin is earliest") {
    CHECK(text_of(offer_of({zero, one}).look_ups(earliest{}, is_new)) == "old/0 new/0 earliest");
  }

  TEST_CASE("a new topic begins at its earliest offset even if begin is latest") {
    CHECK(text_of(offer_of({zero, one}).look_ups(latest{}, is_new))
          == "new/0 earliest; old/0 latest");
    CHECK(text_of(offer_of({zero}).look_ups(latest{}, is_new)) == "old/0 latest");
    CHECK(text_of(offer_of({one}).look_ups(latest{}, is_new)) == "new/0 earliest");
  }

  TEST_CASE("an empty offer has one look-up, and is complete") {
    auto offer = offer_of({});
    CHECK(text_of(offer.look_ups(latest{}, is_new)) == "latest");
    CHECK(offer.is_complete());
  }

  TEST_CASE("an offer is complete once all beginnings are known, and lists them in the order of "
            "its partitions") {
    auto offer = offer_of({zero, one});
    offer.sent(7);
    offer.sent(8);
    CHECK_FALSE(offer.answers({.asked = 9, .beginnings = {}}));
    CHECK(offer.answers({.asked = 8, .beginnings = {}}));
    offer.take({.asked = 8, .beginnings = {{.at = one, .offset = 5}}});
    CHECK(offer.is_pending());
    CHECK_FALSE(offer.is_complete());
    offer.take({.asked = 7, .beginnings = {{.at = zero, .offset = 3}}});
    CHECK_FALSE(offer.is_pending());
    CHECK(offer.is_complete());
    CHECK(offer.beginnings()[0].offset == 3);
    CHECK(offer.beginnings()[1].offset == 5);
  }

  TEST_CASE("an offer stays incomplete after a failed look-up until a later look-up succeeds") {
    auto offer = offer_of({zero});
    offer.sent(1);
    CHECK(offer.take({.asked = 1, .beginnings = {failing(zero, "no leader")}}).size() == 1);
    CHECK_FALSE(offer.is_pending());
    CHECK_FALSE(offer.is_complete());
    offer.sent(2);
    CHECK(offer.take({.asked = 2, .beginnings = {{.at = zero, .offset = 3}}}).empty());
    CHECK(offer.is_complete());
  }

  TEST_CASE("a failed look-up is reported only if its error differs from the previous one") {
    auto offer = offer_of({zero, one});
    const auto reports = [&offer](const std::string& why) {
      return offer.take({.asked = 1, .beginnings = {failing(zero, why)}}).size();
    };
    CHECK(reports("no leader") == 1);
    CHECK(reports("no leader") == 0);
    CHECK(reports("no answer") == 1);
    CHECK(reports("no leader") == 1);
  }

  TEST_CASE("a beginning with an error and an offset counts as known") {
    auto offer = offer_of({zero});
    auto committed = failing(zero, "no leader");
    committed.offset = 4;
    offer.take({.asked = 1, .beginnings = {committed}});
    CHECK(offer.is_complete());
  }
}

#pragma once

#include <ottla/kafka/internal/admin/carry_out.hpp>
#include <ottla/kafka/internal/admin/request_faults.hpp>
#include <ottla/kafka/internal/driver/driver.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <memory>
#include <utility>

namespace ottla::kafka::test {

/// Carries out an admin request over the driver, as a connection's admin process does, and waits
/// for the answer.
template <class Request>
typename Request::answer administer(driver& over, const Request& what) {
  using answer = typename Request::answer;
  if (auto wrong = fault_of(what))
    return *wrong;
  const auto told = std::make_shared<std::promise<std::shared_ptr<answer>>>();
  over.administer(what.within, {}, [what, told](admin_session& session) {
    told->set_value(std::make_shared<answer>(carry_out(session, what)));
  });
  auto asked = told->get_future();
  REQUIRE(asked.wait_for(what.within + std::chrono::seconds{30}) == std::future_status::ready);
  return std::move(*asked.get());
}

} // namespace ottla::kafka::test

#include <ottla/kafka/internal/driver/produce_target.hpp>
#include <ottla/kafka/internal/producer/produce_answers.hpp>

#include <utility>

namespace ottla::kafka {

produced refused_answer(std::size_t records, const error& why) {
  produced answer;
  answer.failures.reserve(records);
  for (std::size_t index = 0; index < records; ++index)
    answer.failures.push_back({index, why});
  return answer;
}

produced reported_answer(std::size_t records, delivered report) {
  produced answer{.stored = records - report.failures.size(), .places = std::move(report.places)};
  answer.failures.reserve(report.failures.size());
  for (auto& failure : report.failures)
    answer.failures.push_back({failure.index, std::move(failure.why), failure.may_be_stored});
  if (answer.stored == 0)
    answer.places.clear();
  return answer;
}

produced interrupted_answer(const outgoing& batch, std::size_t handed_over,
                            const std::optional<error>& why) {
  const auto target = name_of_target(batch.topic, batch.partition);
  const error unknown{.code = errc::timed_out,
                      .retriable = true,
                      .text = target + ": the producer ended before the record was confirmed"};
  error unsent{.code = errc::closed,
               .retriable = true,
               .text = target + ": the producer ended before the record was sent"};
  if (why) {
    unsent = *why;
    unsent.text = target + ": " + why->text;
  }
  produced answer;
  for (std::size_t index = 0; index < batch.records.size(); ++index)
    answer.failures.push_back({index, index < handed_over ? unknown : unsent, index < handed_over});
  return answer;
}

produced overdue_answer(const outgoing& batch, bool may_be_stored) {
  produced answer;
  const error why{.code = errc::timed_out,
                  .retriable = true,
                  .text = name_of_target(batch.topic, batch.partition)
                          + (may_be_stored ? ": no broker confirmed the record by the deadline"
                                           : ": the record was not sent by the deadline")};
  for (std::size_t index = 0; index < batch.records.size(); ++index)
    answer.failures.push_back({index, why, may_be_stored});
  return answer;
}

} // namespace ottla::kafka

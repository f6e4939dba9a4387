#pragma once

#include <ottla/supervision/supervisor_requests.hpp>
#include <ottla/supervision/supervisor_spec.hpp>

#include "stage.hpp"

namespace ottla::test {

/// Result of one question: the answer, or the reason for its absence.
template <class Answer>
struct inquiry {
  std::optional<Answer> answer;
  std::optional<exit_reason> failed;
};

template <class Question, class Answer>
class inquirer : public caf::event_based_actor {
public:
  inquirer(caf::actor_config& config, caf::actor whom, Question question,
           std::shared_ptr<inquiry<Answer>> result)
    : caf::event_based_actor{config},
      whom_{std::move(whom)},
      question_{std::move(question)},
      result_{std::move(result)} {}

  caf::behavior make_behavior() override {
    send_request(
      this, whom_, std::chrono::hours{1}, question_,
      [result = result_](const Answer& answer) { result->answer = answer; },
      [result = result_](const caf::error& failed) { result->failed = to_exit_reason(failed); });
    return {};
  }

private:
  caf::actor whom_;
  Question question_;
  std::shared_ptr<inquiry<Answer>> result_;
};

/// Sends the question without running any actor.
template <class Answer, class Question>
std::shared_ptr<inquiry<Answer>> ask_later(stage& on, const caf::actor& whom, Question question) {
  auto result = std::make_shared<inquiry<Answer>>();
  on.time.system().template spawn<inquirer<Question, Answer>>(whom, std::move(question), result);
  return result;
}

template <class Answer, class Question>
inquiry<Answer> ask(stage& on, const caf::actor& whom, Question question) {
  auto result = ask_later<Answer>(on, whom, std::move(question));
  on.time.run();
  return *result;
}

/// The tree as text.
inline std::string drawn(stage& on, const caf::actor& supervisor) {
  const auto tree = ask<tree_node>(on, supervisor, describe_tree{});
  return tree.answer ? draw(*tree.answer) : "no answer";
}

} // namespace ottla::test

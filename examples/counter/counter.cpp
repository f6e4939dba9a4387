// A process with state and a name, which handles casts and calls and is restarted after a crash.

#include <ottla/actors/call.hpp>
#include <ottla/actors/server.hpp>
#include <ottla/supervision/application.hpp>

#include <fmt/format.h>

struct increment {
  int by = 0;
};
struct get_count {};
OTTLA_MESSAGES(counter_messages, ottla::first_user_type_id, increment, get_count)

class counter : public ottla::server {
public:
  counter(caf::actor_config& config, ottla::process_context context, int start)
    : server{config, std::move(context)}, count_{start} {}

private:
  ottla::init_result init(handlers& on) override {
    on.cast([this](increment what) { count_ += what.by; });
    on.call([this](get_count) { return count_; });
    return {};
  }

  int count_;
};

int main() {
  ottla::application app{{
    .id = "counting",
    .children = {{.id = "counter", .start = ottla::start<counter>(40), .name = "counter"}},
  }};
  ottla::post(app.find("counter"), increment{2});
  const auto count
    = ottla::call<int>(app.system(), app.find("counter"), std::chrono::seconds{1}, get_count{});
  fmt::print("{}\n", count ? std::to_string(*count) : to_string(count.error()));
}

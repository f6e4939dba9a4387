#include "run/session.hpp"

#include <fmt/format.h>

namespace command {

void write_json(output& out, const json& document) {
  out.write(document.dump(2, ' ', false, json::error_handler_t::replace) + '\n');
}

json error_json(const ottla::kafka::error& why) {
  json error{{"code", to_string(why.code)}, {"text", why.text}};
  if (!why.name.empty())
    error["kafka_name"] = why.name;
  return error;
}

exit_status need_confirmation(session& with, std::string_view what) {
  return with.faults.fail(exit_status::usage, fmt::format("{}: add --yes to confirm", what));
}

} // namespace command

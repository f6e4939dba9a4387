#include <ottla/actors/introspection.hpp>

namespace ottla {

namespace {

const char* to_string(process_trace::kind what) {
  switch (what) {
    case process_trace::kind::message: return "got";
    case process_trace::kind::call: return "got call";
    case process_trace::kind::answer: return "answered";
  }
  return "unknown";
}

} // namespace

std::string to_string(const process_status& status) {
  auto text = status.path;
  if (!status.name.empty())
    text += (text.empty() ? "\"" : " \"") + status.name + '"';
  text += status.suspended ? ": suspended" : ": running";
  if (status.mailbox_length != 0)
    text += ", " + std::to_string(status.mailbox_length)
            + (status.mailbox_length == 1 ? " message waits" : " messages wait");
  return text + ", state: " + status.state;
}

std::string to_string(const process_trace& event) {
  return event.path + ' ' + to_string(event.what) + ' ' + event.text;
}

bool is_introspection(const message_content& what) {
  return what.match_elements<get_state>() || what.match_elements<get_status>()
         || what.match_elements<suspend>() || what.match_elements<resume>()
         || what.match_elements<count_messages>() || what.match_elements<get_statistics>()
         || what.match_elements<trace_to>() || what.match_elements<trace_with>()
         || what.match_elements<stop_trace>();
}

} // namespace ottla
